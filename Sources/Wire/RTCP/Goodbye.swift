/// Says that sources are no longer there.
///
/// RFC 3550 §6.6, after the common header:
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           SSRC/CSRC                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// :                              ...                              :
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |     length    |               reason for leaving            ...  (optional)
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct Goodbye: Equatable, Sendable {
    /// At most 31 are written.
    package var sources: [SSRC]
    /// Bytes that are not UTF-8 are replaced; at most 255 bytes are written.
    package var reason: String?

    package init(sources: [SSRC], reason: String? = nil) {
        self.sources = sources
        self.reason = reason
    }

    init(from reader: inout ByteReader, count: UInt8) throws(WireError) {
        try reader.require(4 * Int(count))
        sources = []
        for _ in 0..<count { sources.append(SSRC(try reader.readUInt32())) }
        guard reader.remaining > 0 else { return }
        let text = try reader.readBytes(Int(try reader.readUInt8()))
        reason = String(decoding: text, as: UTF8.self)
    }

    func write(into bytes: inout [UInt8]) {
        for source in sources.prefix(RTCPPacket.maximumCount) { bytes.append(bigEndian: source.rawValue) }
        guard let reason else { return }
        let text = reason.utf8.prefix(255)
        bytes.append(UInt8(truncatingIfNeeded: text.count))
        bytes.append(contentsOf: text)
        bytes.append(contentsOf: repeatElement(0, count: -(1 + text.count) & 3))
    }
}
