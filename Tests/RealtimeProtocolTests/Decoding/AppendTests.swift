import RealtimeProtocol
import Testing

@Suite("Appended audio")
struct AppendTests {
    private func decode(_ text: String) throws(ProtocolError) -> ClientEvent {
        try EventDecoder(dialect: .current).decode(Array(text.utf8))
    }

    /// The same event in every way a client may write it: of these, some take the short way through the bytes.
    static let spellings = [
        #"{"type":"input_audio_buffer.append","event_id":"e1","audio":"++//"}"#,
        #"{"audio":"++//","event_id":"e1","type":"input_audio_buffer.append"}"#,
        " {\n\t\"type\" : \"input_audio_buffer.append\" ,\r\n \"audio\" : \"++//\" , \"event_id\" : \"e1\" } \n",
        #"{"type":"input_audio_buffer.append","event_id":"e1","audio":"++\/\/"}"#,
        #"{"type":"input_audio_buffer.append","event_id":"e1","audio":"\u002b+/\u002F"}"#,
        #"{"\u0074ype":"input_audio_buffer\u002Eappend","event_id":"e1","audio":"++//"}"#,
        #"{"type":"input_audio_buffer.append","event_id":"\u0065\u0031","audio":"++//","x":{"y":[1]}}"#,
        #"{"x":null,"type":"response.create","audio":"AAAA","audio":"++//","type":"input_audio_buffer.append","event_id":"e1"}"#,
    ]

    @Test("However it is written, the audio is the same", arguments: spellings)
    func spelling(_ text: String) throws {
        #expect(try decode(text) == ClientEvent(eventID: "e1", .inputAudioBufferAppend([0xFB, 0xEF, 0xFF])))
    }

    @Test("Audio of every length up to a few groups is read")
    func lengths() throws {
        for count in 0...64 {
            let audio = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
            var base64: [UInt8] = []
            audio.withUnsafeBufferPointer { Base64.encode($0, into: &base64) }
            let text =
                #"{"type":"input_audio_buffer.append","audio":""# + String(decoding: base64, as: UTF8.self) + #""}"#
            #expect(try decode(text).payload == .inputAudioBufferAppend(audio))
        }
    }

    static let invalid = [
        "A", "AA", "AAA", "AA=", "AAAA=", "AA==AA==", "AB==", "AA-_", "AA AA", "AA\\n", "é", "AAA\\u0000", "!",
    ]

    @Test("What is not base64 is refused by the name of the field, with the event's id", arguments: invalid)
    func notBase64(_ audio: String) {
        let expected = ProtocolError(
            code: "invalid_value", "Invalid 'audio': expected base64 with the standard alphabet and padding.",
            param: "audio", eventID: "e1")
        for text in [
            #"{"type":"input_audio_buffer.append","event_id":"e1","audio":"\#(audio)"}"#,
            #"{"type":"input_audio_buffer.append","audio":"\#(audio)","event_id":"e1"}"#,
        ] {
            #expect(throws: expected) { try decode(text) }
        }
    }

    static let broken = [
        #"{"type":"input_audio_buffer.append","audio":"AAAA""#, #"{"type":"input_audio_buffer.append","audio":"AAAA"#,
        #"{"type":"input_audio_buffer.append","audio":"AAAA"}}"#,
        #"{"type":"input_audio_buffer.append","audio":"AAAA",}"#,
        #"{"type":"input_audio_buffer.append" "audio":"AAAA"}"#,
        #"{"type":"input_audio_buffer.append","audio":"AA\x"}"#,
    ]

    @Test("A message that is cut or spoilt is not JSON", arguments: broken)
    func notJSON(_ text: String) {
        #expect { try decode(text) } throws: { ($0 as? ProtocolError)?.code == "invalid_json" }
    }

    @Test("More than 15 MiB at once is refused, 15 MiB are not")
    func limit() throws {
        func message(_ bytes: Int) -> [UInt8] {
            var text = Array(#"{"type":"input_audio_buffer.append","event_id":"e1","audio":""#.utf8)
            [UInt8](repeating: 0, count: bytes).withUnsafeBufferPointer { Base64.encode($0, into: &text) }
            return text + Array("\"}".utf8)
        }
        let decoder = EventDecoder(dialect: .current)
        _ = try decoder.decode(message(EventDecoder.maxAppendBytes))
        #expect { try decoder.decode(message(EventDecoder.maxAppendBytes + 1)) } throws: { error in
            let error = error as? ProtocolError
            return error?.param == "audio" && error?.eventID == "e1"
        }
    }
}
