/// Metadata of an ONNX model as it may be written after the model's last byte: protobuf takes the fields of a message in
/// any order, and a repeated one in pieces.
enum ONNXMetadata {
    /// `ModelProto.metadata_props`, field 14, and the members of a `StringStringEntryProto` (onnx.proto), all of them of
    /// wire type 2: length-delimited.
    private enum Tag {
        static let entry: UInt8 = 14 << 3 | 2
        static let key: UInt8 = 1 << 3 | 2
        static let value: UInt8 = 2 << 3 | 2
    }

    static func encoded(_ entries: [(key: String, value: String)]) -> [UInt8] {
        entries.flatMap { key, value in
            field(Tag.entry, field(Tag.key, [UInt8](key.utf8)) + field(Tag.value, [UInt8](value.utf8)))
        }
    }

    private static func field(_ tag: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var length = bytes.count
        var encoded = [tag]
        while length >= 128 {
            encoded.append(UInt8(length & 127) | 128)
            length >>= 7
        }
        return encoded + [UInt8(length)] + bytes
    }
}
