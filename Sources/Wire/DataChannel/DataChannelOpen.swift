/// Asks the other side to open a data channel on the stream the message comes on.
///
/// RFC 8832 §5.1:
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Message Type  |  Channel Type |            Priority           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                    Reliability Parameter                      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |         Label Length          |       Protocol Length         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                             Label                             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                            Protocol                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct DataChannelOpen: Equatable, Sendable {
    static let messageType: UInt8 = 3
    private static let longestText = 65_535

    /// 0 reliable, 1 limited retransmissions, 2 limited lifetime; the high bit means unordered.
    package var channelType: UInt8
    package var priority: UInt16
    /// Retransmissions or milliseconds, by the channel type.
    package var reliability: UInt32
    /// At most 65,535 bytes are written, as of the protocol's name.
    package var label: String
    package var protocolName: String

    package init(
        channelType: UInt8 = 0, priority: UInt16 = 256, reliability: UInt32 = 0, label: String,
        protocolName: String = ""
    ) {
        self.channelType = channelType
        self.priority = priority
        self.reliability = reliability
        self.label = label
        self.protocolName = protocolName
    }

    /// Reads what follows the message type; bytes after the protocol are ignored.
    init(from reader: inout ByteReader) throws(WireError) {
        try reader.require(11)
        channelType = try reader.readUInt8()
        priority = try reader.readUInt16()
        reliability = try reader.readUInt32()
        let labelLength = Int(try reader.readUInt16())
        let protocolLength = Int(try reader.readUInt16())
        try reader.require(labelLength + protocolLength)
        label = try Self.text(try reader.readBytes(labelLength), field: "label")
        protocolName = try Self.text(try reader.readBytes(protocolLength), field: "protocol")
    }

    package func serialize() -> [UInt8] {
        let label = label.utf8.prefix(Self.longestText)
        let protocolName = protocolName.utf8.prefix(Self.longestText)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(12 + label.count + protocolName.count)
        bytes.append(Self.messageType)
        bytes.append(channelType)
        bytes.append(bigEndian: priority)
        bytes.append(bigEndian: reliability)
        bytes.append(bigEndian: UInt16(truncatingIfNeeded: label.count))
        bytes.append(bigEndian: UInt16(truncatingIfNeeded: protocolName.count))
        bytes.append(contentsOf: label)
        bytes.append(contentsOf: protocolName)
        return bytes
    }

    private static func text(_ bytes: UnsafeRawBufferPointer, field: String) throws(WireError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalid(field: field) }
        return text
    }
}

extension DataChannelOpen {
    package var isOrdered: Bool { channelType & 0x80 == 0 }

    /// How often a message is sent again before it is given up; nil for no such limit.
    package var maximumRetransmissions: UInt32? {
        channelType & 0x7F == 1 ? reliability : nil
    }

    /// How long a message is tried before it is given up; nil for no such limit.
    package var maximumLifetimeMilliseconds: UInt32? {
        channelType & 0x7F == 2 ? reliability : nil
    }
}
