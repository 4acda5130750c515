/// The SCTP association of an application section.
extension SDPSection {
    /// The two ways SDP has named data channels.
    enum DataFormat: Equatable {
        /// `UDP/DTLS/SCTP webrtc-datachannel` and `a=sctp-port` (RFC 8841).
        case current(port: UInt16)
        /// `DTLS/SCTP 5000` and `a=sctpmap:5000 webrtc-datachannel 1024` (drafts before it).
        case old(port: UInt16)

        var port: UInt16 {
            switch self {
            case .current(let port), .old(let port): port
            }
        }
    }

    /// Nil when the section is not one of data channels.
    var dataFormat: DataFormat? {
        guard let format = formats.first else { return nil }
        if format == "webrtc-datachannel" {
            guard let value = attributes.value("sctp-port") else { return .current(port: DataNegotiation.defaultPort) }
            guard let port = value.decimal(as: UInt16.self), port != 0 else { return nil }
            return .current(port: port)
        }
        guard let port = format.decimal(as: UInt16.self), port != 0 else { return nil }
        let maps = attributes.values("sctpmap").map(\.fields)
        guard maps.contains(where: { $0.count >= 2 && $0[0] == format && $0[1] == "webrtc-datachannel" }) else {
            return nil
        }
        return .old(port: port)
    }

    /// The largest message the other side takes, in bytes (RFC 8841 §6): 0 stands for any, none for 65,536.
    var maxMessageSize: Int {
        guard let value = attributes.value("max-message-size"), !value.isEmpty,
            value.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return DataNegotiation.defaultMaxMessageSize }
        let size = value.decimal(as: Int.self) ?? Int.max
        return size == 0 ? Int.max : size
    }
}
