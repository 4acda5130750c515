/// Which ways media flow (RFC 8866 §6.7), seen from the side that says so.
struct MediaDirection: Equatable {
    var sends: Bool
    var receives: Bool

    init(sends: Bool, receives: Bool) {
        self.sends = sends
        self.receives = receives
    }

    /// The section's own, else the session's, else both ways.
    init(of section: [SDPAttribute], else session: [SDPAttribute]) {
        self = Self.first(in: section) ?? Self.first(in: session) ?? MediaDirection(sends: true, receives: true)
    }

    var attribute: String {
        switch (sends, receives) {
        case (true, true): "sendrecv"
        case (true, false): "sendonly"
        case (false, true): "recvonly"
        case (false, false): "inactive"
        }
    }

    private static func first(in attributes: [SDPAttribute]) -> MediaDirection? {
        for attribute in attributes {
            switch attribute.name {
            case "sendrecv": return MediaDirection(sends: true, receives: true)
            case "sendonly": return MediaDirection(sends: true, receives: false)
            case "recvonly": return MediaDirection(sends: false, receives: true)
            case "inactive": return MediaDirection(sends: false, receives: false)
            default: continue
            }
        }
        return nil
    }
}
