import Foundation

/// The bars that rivals are for.
struct RivalRows {
    static let parley = "Parley"
    static let passThrough = "Parley without codec and session"
    static let echoTest = "Janus EchoTest"
    static let audioBridge = "Janus AudioBridge"
    static let aiortc = "aiortc without audio levels"
    static let aiortcLevels = "aiortc as shipped"
    static let gstreamer = "GStreamer webrtcbin"

    let servers: [RivalServer]

    var rows: [Row] {
        [
            ratio("2", "pass-through CPU ÷ Janus EchoTest", Self.passThrough, Self.echoTest, .atMost(0.6, then: 0.25)),
            ratio(
                "3", "calls per core ÷ \(Self.audioBridge)", Self.audioBridge, Self.parley, .atLeast(1.25, then: 1.45)),
            atFixedEffort("4-shipped-fixed", Self.aiortcLevels),
            atFixedEffort("4-fixed", Self.aiortc),
            atFixedEffort("4-gstreamer", Self.gstreamer),
        ].compactMap { $0 }
    }

    private func atFixedEffort(_ key: String, _ rival: String) -> Row? {
        ratio(key, "the same ÷ \(rival), complexity 5 however busy, on all cores", rival, Self.parley, nil)
    }

    /// What the first costs over what the second does; nil where either was not measured.
    private func ratio(_ key: String, _ what: String, _ over: String, _ under: String, _ limits: Limits?) -> Row? {
        guard let (over, under, ratios) = servers.comparison(of: over, with: under), let theirs = over.cost,
            let ours = under.cost
        else { return nil }
        return Row(
            key, what, ratios.median, limits,
            note: String(
                format: "%.1f ÷ %.1f ms of CPU per call-second, of %d and %d calls", theirs, ours, over.calls,
                under.calls))
    }
}
