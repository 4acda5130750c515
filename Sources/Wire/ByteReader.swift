/// Reads big-endian fields from borrowed bytes, front to back, and never past their end.
///
/// It owns nothing: it is valid only as long as the buffer it was made from.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    /// Bytes read so far.
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - offset }

    /// Throws unless `count` more bytes are there.
    func require(_ count: Int) throws(WireError) {
        guard count <= remaining else { throw .truncated(need: count, have: remaining) }
    }

    mutating func readUInt8() throws(WireError) -> UInt8 {
        try require(1)
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func readUInt16() throws(WireError) -> UInt16 {
        try readBigEndian(UInt16.self)
    }

    mutating func readUInt32() throws(WireError) -> UInt32 {
        try readBigEndian(UInt32.self)
    }

    mutating func readUInt64() throws(WireError) -> UInt64 {
        try readBigEndian(UInt64.self)
    }

    mutating func skip(_ count: Int) throws(WireError) {
        try require(count)
        offset += count
    }

    /// The next `count` bytes, borrowed like the whole buffer.
    mutating func readBytes(_ count: Int) throws(WireError) -> UnsafeRawBufferPointer {
        try require(count)
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
    }

    private mutating func readBigEndian<Value: FixedWidthInteger>(_: Value.Type) throws(WireError) -> Value {
        let size = MemoryLayout<Value>.size
        try require(size)
        defer { offset += size }
        return Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
