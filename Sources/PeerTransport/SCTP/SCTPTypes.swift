/// Names an association to usrsctp, which hands it back in every callback: never a pointer.
struct AssociationID: Hashable, Sendable {
    let rawValue: UInt

    /// The form in which usrsctp carries it as an address.
    var address: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: rawValue) }
}

/// One message of a data channel as SCTP carries it (RFC 8831 §6.6).
struct SCTPMessage: Equatable, Sendable {
    let stream: UInt16
    let payloadProtocol: UInt32
    let bytes: [UInt8]

    /// What a message costs beside its bytes while it waits: a flood of empty ones is bounded by it.
    static let overheadBytes = 64

    /// Bytes of memory it is counted with while it waits to be sent.
    var costBytes: Int { bytes.count + Self.overheadBytes }
}

/// What the SCTP owner tells a peer.
enum SCTPEvent: Equatable, Sendable {
    /// An SCTP packet for the DTLS session.
    case transmit([UInt8])
    case up
    case message(SCTPMessage)
    /// Cost of earlier messages that SCTP has taken over from our queue.
    case accepted(bytes: Int)
    /// The peer closed these streams (RFC 6525).
    case streamsReset([UInt16])
    case down(SCTPDownReason)
}

/// Why an association is gone.
enum SCTPDownReason: Equatable, Sendable {
    /// The peer shut it down.
    case shutdown
    /// The peer sent ABORT (RFC 9260 §9.1), as some clients' way to close.
    case aborted
    /// Lost, or refused.
    case lost
    /// The peer sent a message larger than it was told is allowed.
    case messageTooLarge
    case failed(operation: String, errno: Int32)
}

/// What a peer asks of the SCTP owner.
enum SCTPRequest: Equatable, Sendable {
    case open(localPort: UInt16, remotePort: UInt16)
    /// A packet that came through DTLS.
    case receive([UInt8])
    case send(SCTPMessage)
    case resetStream(UInt16)
    /// Shutdown is sent to the peer and nothing more is heard of the association.
    case close
}
