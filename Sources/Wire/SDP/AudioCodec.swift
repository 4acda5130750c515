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
        let (name, rest) = rtpMap.cut(at: UInt8(ascii: "/"))
        guard let (rate, channels) = rest?.cut(at: UInt8(ascii: "/")) else { return nil }
        switch (name.lowercased(), rate) {
        case ("opus", "48000"): self = .opus
        case ("pcmu", "8000") where channels == nil || channels == "1": self = .pcmu
        case ("pcma", "8000") where channels == nil || channels == "1": self = .pcma
        default: return nil
        }
    }
}
