/// A payload that carries earlier ones beside its own (RED).
///
/// RFC 2198 §3; a header of four bytes for each earlier payload, one byte for the packet's own, then the payloads:
/// ```
///  0                   1                    2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3  4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |1|   block PT  |  timestamp offset         |   block length    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0|   block PT  |
/// +-+-+-+-+-+-+-+-+
/// ```
/// It owns nothing: it is valid only as long as the buffer it was made from.
package struct RedundantPayload {
    /// An earlier payload.
    package struct Block {
        package var payloadType: PayloadType
        /// How many packets before this one it was sent: 1 for the one right before it, as senders that repeat each
        /// payload of a row have it.
        package var distance: Int
        /// How much smaller its timestamp is.
        package var timestampOffset: UInt32
        package var payload: UnsafeRawBufferPointer
    }

    /// What one header can say.
    package static let maximumOffset: UInt32 = 0x3FFF
    package static let maximumLength = 0x3FF
    /// More blocks than that are no way of sending speech.
    private static let maximumBlocks = 8
    private static let headerLength = 4

    /// Earlier payloads, oldest first.
    package let count: Int
    package let payloadType: PayloadType
    /// The packet's own.
    package let payload: UnsafeRawBufferPointer
    private let bytes: UnsafeRawBufferPointer

    package init(parsing bytes: UnsafeRawBufferPointer) throws(WireError) {
        var reader = ByteReader(bytes)
        var earlier = 0
        var lengths = 0
        var first = try reader.readUInt8()
        while first & 0x80 != 0 {
            guard earlier < Self.maximumBlocks else { throw .invalid(field: "redundancy") }
            try reader.skip(1)
            lengths += Int(try reader.readUInt16()) & Self.maximumLength
            earlier += 1
            first = try reader.readUInt8()
        }
        try reader.skip(lengths)
        self.bytes = bytes
        count = earlier
        payloadType = PayloadType(first & 0x7F)
        payload = UnsafeRawBufferPointer(rebasing: bytes[reader.offset...])
    }

    /// Calls `body` with each earlier payload, oldest first.
    package func forEachBlock(_ body: (Block) -> Void) {
        var offset = count * Self.headerLength + 1
        for index in 0..<count {
            let header = bytes.loadUnaligned(fromByteOffset: index * Self.headerLength, as: UInt32.self).bigEndian
            let length = Int(header) & Self.maximumLength
            body(
                Block(
                    payloadType: PayloadType(UInt8(truncatingIfNeeded: header >> 24) & 0x7F), distance: count - index,
                    timestampOffset: header >> 10 & Self.maximumOffset,
                    payload: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])))
            offset += length
        }
    }

    /// Writes the header of an earlier payload to the front of `buffer` and returns its length; nil when it cannot say so
    /// much, or there is no room.
    package static func writeHeader(
        _ payloadType: PayloadType, timestampOffset: UInt32, length: Int, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int? {
        guard timestampOffset <= maximumOffset, length <= maximumLength, buffer.count >= headerLength else {
            return nil
        }
        let word = UInt32(0x80 | payloadType.rawValue & 0x7F) << 24 | timestampOffset << 10 | UInt32(length)
        buffer.storeBytes(of: word.bigEndian, as: UInt32.self)
        return headerLength
    }
}
