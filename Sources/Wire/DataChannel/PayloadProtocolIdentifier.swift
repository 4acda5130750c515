/// What an SCTP message of a data channel carries (RFC 8831 §8). Empty messages are sent as one byte that is not content.
package enum PayloadProtocolIdentifier: UInt32, Sendable {
    /// Data channel establishment (RFC 8832).
    case dcep = 50
    case string = 51
    /// Deprecated: a part of a larger binary message.
    case binaryPartial = 52
    case binary = 53
    /// Deprecated: a part of a larger string.
    case stringPartial = 54
    case stringEmpty = 56
    case binaryEmpty = 57
}
