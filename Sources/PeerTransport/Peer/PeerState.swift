/// Where a call stands. Each transition consumes the state it leaves, so none can end nowhere.
enum PeerState: ~Copyable {
    /// No path yet.
    case waiting
    /// DTLS is under way.
    case securing
    /// Keys are there; media is nil for a call without audio.
    case established(SecureMedia?)
    /// Goodbyes are being said; SCTP has until the deadline for its own.
    case closing(SecureMedia?, PeerCloseReason, deadline: ContinuousClock.Instant)
    case closed

    /// The path is there; true when that is news.
    mutating func pathUp() -> Bool {
        switch consume self {
        case .waiting:
            self = .securing
            return true
        case let other:
            self = other
            return false
        }
    }

    /// DTLS is finished; false when the call is past caring.
    mutating func secured(_ media: SecureMedia?) -> Bool {
        switch consume self {
        case .securing:
            self = .established(media)
            return true
        case let other:
            self = other
            return false
        }
    }

    /// Begins to end; false when it already does.
    mutating func beginClosing(_ reason: PeerCloseReason, deadline: ContinuousClock.Instant) -> Bool {
        switch consume self {
        case .waiting:
            self = .closing(nil, reason, deadline: deadline)
            return true
        case .securing:
            self = .closing(nil, reason, deadline: deadline)
            return true
        case .established(let media):
            self = .closing(media, reason, deadline: deadline)
            return true
        case let other:
            self = other
            return false
        }
    }

    /// Ends; gives the reason and the media for the last words, or nil when it is not closing.
    mutating func finish() -> (reason: PeerCloseReason, media: SecureMedia?)? {
        switch consume self {
        case .closing(let media, let reason, _):
            self = .closed
            return (reason, media)
        case let other:
            self = other
            return nil
        }
    }

    /// Keys and media, while the call is up.
    var media: SecureMedia? {
        switch self {
        case .established(let media): media
        default: nil
        }
    }

    var isEstablished: Bool {
        switch self {
        case .established: true
        default: false
        }
    }

    /// When a closing call stops waiting for SCTP; nil in every other state.
    var closingDeadline: ContinuousClock.Instant? {
        switch self {
        case .closing(_, _, let deadline): deadline
        default: nil
        }
    }
}

/// Both directions of a call's audio once keys exist. Either may be missing by the SDP's direction; RTCP needs both
/// contexts, so they are always made.
struct SecureMedia {
    let receiver: MediaReceiver
    let sender: MediaSender
    let receives: Bool
    let sends: Bool
}
