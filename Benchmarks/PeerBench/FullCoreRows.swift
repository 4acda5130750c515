import Foundation

/// How many calls a core takes, of the servers that were filled.
struct FullCoreRows {
    let servers: [RivalServer]

    /// Parley's calls at 80 % of a core over those of another, which `words` say more about; nil where one was not measured.
    func row(_ key: String, _ rival: String, _ limits: Limits, words: String = "") -> Row? {
        guard let ours = servers.first(where: { $0.name == RivalRows.parley }), let our = ours.callsPerCore,
            let theirs = servers.first(where: { $0.name == rival }), let their = theirs.callsPerCore
        else { return nil }
        let effort = ours.windows.compactMap(\.complexity).last.map { "complexity \($0), " } ?? ""
        let numbers = String(format: "%.0f ÷ %.0f calls at 80 %% of a core", our, their)
        let pace = String(format: "pacing p99 %.1f ms", ours.windows.map(\.latePercentile).median)
        let lost = ours.windows.map(\.lost).reduce(0, +)
        return Row(
            key, "calls per core ÷ \(rival)\(words)", our / their, limits,
            note: "\(numbers); Parley as it comes: \(effort)\(pace), \(lost) of its packets lost")
    }
}

extension RivalServer {
    /// By the cost of a call with as many of them; nil where it was not measured.
    var callsPerCore: Double? { cost.map { 1_000 * CallsPerCore.full / $0 } }
}
