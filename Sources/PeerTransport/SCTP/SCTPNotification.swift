import CUsrsctp

/// Reads usrsctp's notifications (RFC 6458 §6).
enum SCTPNotification {
    /// The event a peer should hear of; nil for notifications without consequence and for truncated ones.
    static func event(_ bytes: UnsafeRawBufferPointer) -> SCTPEvent? {
        guard bytes.count >= MemoryLayout<sctp_tlv>.size else { return nil }
        switch Int32(bytes.loadUnaligned(as: UInt16.self)) {
        case SCTP_ASSOC_CHANGE: return associationChange(bytes)
        case SCTP_STREAM_RESET_EVENT: return streamReset(bytes)
        case SCTP_SHUTDOWN_EVENT: return .down(.shutdown)
        default: return nil
        }
    }

    private static func associationChange(_ bytes: UnsafeRawBufferPointer) -> SCTPEvent? {
        guard bytes.count >= MemoryLayout<sctp_assoc_change>.size else { return nil }
        let change = bytes.loadUnaligned(as: sctp_assoc_change.self)
        switch Int32(change.sac_state) {
        // A restart is how a crossed handshake may end.
        case SCTP_COMM_UP, SCTP_RESTART: return .up
        case SCTP_SHUTDOWN_COMP: return .down(.shutdown)
        // With the ABORT that the peer sent (RFC 6458 §6.1.1); a loss of our own finding comes without one.
        case SCTP_COMM_LOST where Int(change.sac_length) > MemoryLayout<sctp_assoc_change>.size:
            return .down(.aborted)
        case SCTP_COMM_LOST, SCTP_CANT_STR_ASSOC: return .down(.lost)
        default: return nil
        }
    }

    /// Only what the peer closed: its outgoing streams are our incoming ones.
    private static func streamReset(_ bytes: UnsafeRawBufferPointer) -> SCTPEvent? {
        // type, flags, length, association id, then the streams
        let header = 2 + 2 + 4 + 4
        guard bytes.count >= header else { return nil }
        let flags = Int32(bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        guard flags & SCTP_STREAM_RESET_INCOMING_SSN != 0 else { return nil }
        let streams = stride(from: header, to: bytes.count - 1, by: 2).map {
            bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self)
        }
        return .streamsReset(streams)
    }
}
