/// The fixed header of an RTP packet.
///
/// RFC 3550 §5.1:
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           timestamp                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           synchronization source (SSRC) identifier            |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |            contributing source (CSRC) identifiers             |
/// |                             ....                              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct RTPHeader: Equatable, Sendable {
    /// Bytes of the header as it is written: no contributing sources, no extension.
    package static let length = 12

    package var payloadType: PayloadType
    package var marker: Bool
    package var sequenceNumber: UInt16
    /// In units of the codec's clock.
    package var timestamp: UInt32
    package var ssrc: SSRC

    package init(
        payloadType: PayloadType, marker: Bool, sequenceNumber: UInt16, timestamp: UInt32, ssrc: SSRC
    ) {
        self.payloadType = payloadType
        self.marker = marker
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.ssrc = ssrc
    }
}

extension RTPHeader {
    /// Reads the header and finds the payload: contributing sources and the extension (§5.3.1) are stepped over by their
    /// lengths, padding is taken off the end. Nothing is allocated.
    package static func parse(
        _ packet: UnsafeRawBufferPointer
    ) throws(WireError) -> (header: RTPHeader, payload: Range<Int>) {
        var reader = ByteReader(packet)
        try reader.require(length)
        let first = try reader.readUInt8()
        guard first >> 6 == 2 else { throw .invalid(field: "version") }
        let second = try reader.readUInt8()
        let header = RTPHeader(
            payloadType: PayloadType(second & 0x7F),
            marker: second & 0x80 != 0,
            sequenceNumber: try reader.readUInt16(),
            timestamp: try reader.readUInt32(),
            ssrc: SSRC(try reader.readUInt32()))
        try reader.skip(4 * Int(first & 0x0F))
        if first & 0x10 != 0 { try skipExtension(&reader) }
        let padding = first & 0x20 == 0 ? 0 : try paddingLength(of: packet, after: reader.offset)
        return (header, reader.offset..<(packet.count - padding))
    }

    /// The source of a packet that may still be encrypted, when the length of its padding cannot be read (RFC 3711 §3.1).
    package static func source(of packet: UnsafeRawBufferPointer) throws(WireError) -> SSRC {
        var reader = ByteReader(packet)
        try reader.require(length)
        guard try reader.readUInt8() >> 6 == 2 else { throw .invalid(field: "version") }
        try reader.skip(7)
        return SSRC(try reader.readUInt32())
    }

    /// Writes the twelve bytes of the header to the front of `buffer`.
    package func write(into buffer: UnsafeMutableRawBufferPointer) throws(WireError) {
        guard buffer.count >= Self.length else { throw .truncated(need: Self.length, have: buffer.count) }
        buffer[0] = 0x80
        buffer[1] = (marker ? 0x80 : 0) | (payloadType.rawValue & 0x7F)
        buffer.storeBytes(of: sequenceNumber.bigEndian, toByteOffset: 2, as: UInt16.self)
        buffer.storeBytes(of: timestamp.bigEndian, toByteOffset: 4, as: UInt32.self)
        buffer.storeBytes(of: ssrc.rawValue.bigEndian, toByteOffset: 8, as: UInt32.self)
    }

    /// §5.3.1: a 16-bit profile number, then the length in 32-bit words that follow.
    private static func skipExtension(_ reader: inout ByteReader) throws(WireError) {
        try reader.skip(2)
        try reader.skip(4 * Int(try reader.readUInt16()))
    }

    /// The last byte of the packet counts the padding, itself included.
    private static func paddingLength(
        of packet: UnsafeRawBufferPointer, after offset: Int
    ) throws(WireError) -> Int {
        guard offset < packet.count, let last = packet.last, last > 0, Int(last) <= packet.count - offset else {
            throw .invalid(field: "padding")
        }
        return Int(last)
    }
}
