import RealtimeProtocol

/// JSON texts and base64: what is read and written is read again as it was.
func fuzz(_ input: UnsafeRawBufferPointer) {
    let bytes = Array(input)
    if let decoded = Base64.decode(bytes) {
        var encoded: [UInt8] = []
        decoded.withUnsafeBufferPointer { Base64.encode($0, into: &encoded) }
        precondition(encoded == bytes, "base64 has one spelling")
    }
    do throws(JSONError) {
        let value = try JSONParser.parse(bytes)
        var written = JSONWriter()
        written.value(value)
        precondition((try? JSONParser.parse(written.bytes)) == value)
    } catch {
        precondition(error.offset <= bytes.count && !error.message.isEmpty)
    }
}
