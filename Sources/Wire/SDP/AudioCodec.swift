/// The codecs Parley speaks.
package enum AudioCodec: Equatable, Sendable, CaseIterable {
    /// RFC 7587.
    case opus
    /// G.711 µ-law, RFC 3551 §4.5.14.
    case pcmu
    /// G.711 A-law.
    case pcma

    /// Of the RTP timestamps, in Hz.
    package var clockRate: Int { self == .opus ? 48_000 : 8_000 }

    /// The encoding of `a=rtpmap`.
    var rtpMap: String {
        switch self {
        case .opus: "opus/48000/2"
        case .pcmu: "PCMU/8000"
        case .pcma: "PCMA/8000"
        }
    }

    /// The payload type RFC 3551 §6 gives it for good, if it does.
    var staticPayloadType: PayloadType? {
        switch self {
        case .opus: nil
        case .pcmu: PayloadType(0)
        case .pcma: PayloadType(8)
        }
    }

    /// Reads an encoding: name in any case, clock rate, channels optional.
    init?(rtpMap: Substring) {
        let parts = rtpMap.lowercased().utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        guard parts.count >= 2 else { return nil }
        switch (parts[0], parts[1]) {
        case ("opus", "48000"): self = .opus
        case ("pcmu", "8000") where parts.count == 2 || parts[2] == "1": self = .pcmu
        case ("pcma", "8000") where parts.count == 2 || parts[2] == "1": self = .pcma
        default: return nil
        }
    }
}
