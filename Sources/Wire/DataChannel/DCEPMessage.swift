/// A message of the Data Channel Establishment Protocol (RFC 8832 §5), sent with the identifier 50.
package enum DCEPMessage: Equatable, Sendable {
    case open(DataChannelOpen)
    case ack

    private static let ackType: UInt8 = 2

    package static func parse(_ bytes: [UInt8]) throws(WireError) -> DCEPMessage {
        // The closure's errors come back as a value: `withUnsafeBytes` carries no typed error.
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(WireError) in try parse(buffer) }
        }
        return try result.get()
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> DCEPMessage {
        var reader = ByteReader(bytes)
        switch try reader.readUInt8() {
        case DataChannelOpen.messageType: return .open(try DataChannelOpen(from: &reader))
        case ackType: return .ack
        default: throw .invalid(field: "message type")
        }
    }

    package func serialize() -> [UInt8] {
        switch self {
        case .open(let open): open.serialize()
        case .ack: [Self.ackType]
        }
    }
}
