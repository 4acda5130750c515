/// The canonical name of one source.
///
/// RFC 3550 §6.5; every item but CNAME is read over:
/// ```
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |                          SSRC/CSRC_1                          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |    CNAME=1    |     length    | user and domain name        ...
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct SourceDescriptionChunk: Equatable, Sendable {
    private static let cnameItem: UInt8 = 1

    package var ssrc: SSRC
    /// Empty when the chunk names none; bytes that are not UTF-8 are replaced; at most 255 bytes are written.
    package var cname: String

    package init(ssrc: SSRC, cname: String) {
        self.ssrc = ssrc
        self.cname = cname
    }

    /// Reads items to the null that ends the chunk, then on to the next multiple of four bytes.
    init(from reader: inout ByteReader) throws(WireError) {
        ssrc = SSRC(try reader.readUInt32())
        cname = ""
        while true {
            let item = try reader.readUInt8()
            if item == 0 { break }
            let text = try reader.readBytes(Int(try reader.readUInt8()))
            if item == Self.cnameItem { cname = String(decoding: text, as: UTF8.self) }
        }
        try reader.skip(-reader.offset & 3)
    }

    /// Writes the chunk; `bytes` holds the packet from its header on, at a multiple of four bytes.
    func write(into bytes: inout [UInt8]) {
        let name = cname.utf8.prefix(255)
        bytes.append(bigEndian: ssrc.rawValue)
        bytes.append(Self.cnameItem)
        bytes.append(UInt8(truncatingIfNeeded: name.count))
        bytes.append(contentsOf: name)
        let nulls = 4 - (2 + name.count) & 3
        bytes.append(contentsOf: repeatElement(0, count: nulls))
    }
}
