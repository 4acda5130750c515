/// Reads `input_audio_buffer.append` in one pass over the bytes, with no JSON values and no String of the audio between:
/// of all a client sends, nearly every byte comes this way.
///
/// It knows the event as clients write it. Nil for anything else, right or wrong; that is for `EventDecoder` to say.
struct AppendScanner {
    private(set) var eventID: String?
    private(set) var audio: [UInt8]?
    private var hasType = false
    private var parser: JSONParser

    init?(_ message: UnsafeBufferPointer<UInt8>) {
        parser = JSONParser(message)
        do throws(JSONError) {
            guard try scan(), hasType, audio != nil else { return nil }
        } catch {
            return nil
        }
    }

    private mutating func scan() throws(JSONError) -> Bool {
        parser.skipSpace()
        guard parser.take(UInt8(ascii: "{")) else { return false }
        repeat {
            guard try scanMember() else { return false }
            parser.skipSpace()
        } while parser.take(UInt8(ascii: ","))
        guard parser.take(UInt8(ascii: "}")) else { return false }
        parser.skipSpace()
        return parser.position == parser.input.count
    }

    private mutating func scanMember() throws(JSONError) -> Bool {
        parser.skipSpace()
        if !hasType, takeName(#""type""#) {
            hasType = take(#""input_audio_buffer.append""#)
            return hasType
        }
        if audio == nil, takeName(#""audio""#) {
            audio = try scanAudio()
            return audio != nil
        }
        guard eventID == nil, takeName(#""event_id""#) else { return false }
        eventID = try parser.parseString()
        return true
    }

    /// The quoted name and the colon after it; true when a string follows.
    private mutating func takeName(_ name: StaticString) -> Bool {
        guard take(name) else { return false }
        parser.skipSpace()
        guard parser.take(UInt8(ascii: ":")) else { return false }
        parser.skipSpace()
        return parser.next == UInt8(ascii: "\"")
    }

    /// These bytes, if they come next.
    private mutating func take(_ bytes: StaticString) -> Bool {
        let isNext = bytes.withUTF8Buffer { parser.input[parser.position...].starts(with: $0) }
        if isNext { parser.position += bytes.utf8CodeUnitCount }
        return isNext
    }

    /// A string of base64; the next byte is its opening quote.
    private mutating func scanAudio() throws(JSONError) -> [UInt8]? {
        parser.position += 1
        let start = parser.position
        let (audio, length) = Base64.decodePrefix(UnsafeBufferPointer(rebasing: parser.input[start...]))
        parser.position += length
        if parser.take(UInt8(ascii: "\"")) { return audio }
        // Some encoders write every slash as `\/`.
        guard parser.next == UInt8(ascii: "\\") else { return nil }
        parser.position = start
        var text: [UInt8] = []
        text.reserveCapacity(parser.input.count - start)
        try parser.unescape(into: &text)
        return text.withUnsafeBufferPointer { Base64.decode($0) }
    }
}
