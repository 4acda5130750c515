import RealtimeProtocol
import Testing

@Suite("Limits of a connection")
struct EventEncoderTests {
    private let address = ServerEventSamples.partAddress

    private func encoder(_ limit: Int, extensions: Bool = false) -> EventEncoder {
        EventEncoder(dialect: .current, wantsExtensions: extensions, maxMessageBytes: limit)
    }

    private func objects(_ event: EncodedEvent, limit: Int) throws -> [JSONObject] {
        try event.messages.map { message in
            #expect(message.count <= limit)
            return try object(String(decoding: message, as: UTF8.self))
        }
    }

    private func strings(_ name: String, of objects: [JSONObject]) -> [String] {
        objects.compactMap { object in
            guard case .string(let string) = object[name] else { return nil }
            return string
        }
    }

    private static let text = String(repeating: "añ\"b\\\u{1}é👩‍👩‍👧‍👦e\u{301}\n", count: 40)

    /// A delta of each kind that carries that text.
    private func deltas(_ text: String) -> [ServerEvent] {
        [
            .outputTextDelta(address, text), .outputAudioTranscriptDelta(address, text, words: []),
            .functionCallArgumentsDelta(address.item, FunctionCallID("call_1"), text),
            .inputAudioTranscriptionDelta(ItemID("item_1"), contentIndex: 0, delta: text),
        ]
    }

    @Test("A transcription without a model is shown without one: clients expect no null there")
    func transcriptionWithoutModel() throws {
        var configuration = SessionConfiguration(kind: .realtime, model: "gpt-realtime")
        configuration.input.transcription = TranscriptionConfiguration()
        let session = Session(id: SessionID("sess_1"), expiresAt: 0, configuration: configuration)
        let message = try #require(encoder(4_096).encode(.sessionUpdated(session), eventID: "event_1").messages.first)
        #expect(String(decoding: message, as: UTF8.self).contains(#""transcription":{"language":null,"prompt":null}"#))
    }

    @Test("A delta of text that is too long becomes several that say the same, cut between characters")
    func splitsText() throws {
        for event in deltas(Self.text) {
            for limit in [300, 333, 512, 1_000] {
                let encoded = encoder(limit).encode(event, eventID: "event_1")
                let objects = try objects(encoded, limit: limit)
                let pieces = strings("delta", of: objects)
                #expect(!encoded.isReduced && objects.count > 1)
                #expect(pieces.joined() == Self.text)
                #expect(pieces.map(\.count).reduce(0, +) == Self.text.count)
                #expect(Set(strings("event_id", of: objects)).count == objects.count)
                #expect(Set(strings("type", of: objects)).count == 1)
            }
        }
    }

    @Test("A character that is too long for one message is cut between its scalars")
    func splitsCharacter() throws {
        let character = "e" + String(repeating: "\u{301}", count: 200)
        let objects = try objects(encoder(300).encode(.outputTextDelta(address, character), eventID: "e"), limit: 300)
        #expect(strings("delta", of: objects).joined().unicodeScalars.elementsEqual(character.unicodeScalars))
    }

    @Test("A delta of audio that is too long becomes several, cut between samples")
    func splitsAudio() throws {
        let audio = (0..<24_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for limit in [400, 1_000, 9_999] {
            let encoded = encoder(limit).encode(.outputAudioDelta(address, audio), eventID: "event_1")
            let objects = try objects(encoded, limit: limit)
            let pieces = strings("delta", of: objects).compactMap { Base64.decode($0.utf8) }
            #expect(!encoded.isReduced && pieces.count == objects.count)
            #expect(pieces.flatMap(\.self) == audio)
            #expect(pieces.dropLast().allSatisfy { $0.count.isMultiple(of: 2) })
            #expect(Set(strings("event_id", of: objects)).count == objects.count)
        }
    }

    @Test("Word times go with the pieces, each word once and in order")
    func splitsWords() throws {
        let words = (0..<50).map { WordTiming(text: "word\($0)", startMs: $0 * 100, endMs: $0 * 100 + 90) }
        let text = words.map(\.text).joined(separator: " ")
        let encoded = encoder(500, extensions: true).encode(
            .outputAudioTranscriptDelta(address, text, words: words), eventID: "e")
        let objects = try objects(encoded, limit: 500)
        #expect(strings("delta", of: objects).joined() == text)
        let sent = objects.flatMap { object -> [JSONObject] in
            guard case .object(let ours) = object["parley"], case .array(let words) = ours["words"] else { return [] }
            return words.compactMap { word in
                guard case .object(let word) = word else { return nil }
                return word
            }
        }
        #expect(strings("text", of: sent) == words.map(\.text))
        #expect(sent.first?["start_ms"] == .integer(0) && sent.last?["end_ms"] == .integer(4_990))
    }

    @Test("Word times go only to a client that asked for what is ours")
    func extensions() throws {
        let event = ServerEvent.outputAudioTranscriptDelta(
            address, "Hi", words: [WordTiming(text: "Hi", startMs: 0, endMs: 120)])
        let without = try objects(encoder(1_000).encode(event, eventID: "e"), limit: 1_000)
        #expect(without.map { $0["parley"] } == [nil])
        let with = try objects(encoder(1_000, extensions: true).encode(event, eventID: "e"), limit: 1_000)
        let expected = try json(#"{"words":[{"text":"Hi","start_ms":0,"end_ms":120}]}"#)
        #expect(with.map { $0["parley"] } == [expected])
    }

    @Test("A retrieved item that is too long goes without its audio")
    func retrievedWithoutAudio() throws {
        let audio = [UInt8](repeating: 1, count: 10_000)
        let item = ServerEventSamples.user([.inputText("a"), .inputAudio(transcript: "Hello", audio: audio)])
        let encoded = encoder(1_000).encode(.conversationItemRetrieved(item), eventID: "e")
        let bare = ServerEventSamples.user([.inputText("a"), .inputAudio(transcript: "Hello", audio: nil)])
        #expect(encoded.messages == encoder(1_000).encode(.conversationItemRetrieved(bare), eventID: "e").messages)
        #expect(encoded.isReduced)
        #expect(!encoder(20_000).encode(.conversationItemRetrieved(item), eventID: "e").isReduced)
    }

    @Test("An item with an image that is too long for its client is told without the image")
    func itemWithoutImage() throws {
        let url = "data:image/png;base64," + String(repeating: "A", count: 8_000)
        let item = ServerEventSamples.user([.inputText("a"), .inputImage(url: url, detail: "low")])
        for event in [
            ServerEvent.conversationItemAdded(item, previousItemID: nil),
            .conversationItemDone(item, previousItemID: ItemID("item_0")), .conversationItemRetrieved(item),
        ] {
            let encoded = encoder(1_000).encode(event, eventID: "e")
            let object = try #require(try objects(encoded, limit: 1_000).first)
            let content = try json(
                #"[{"type":"input_text","text":"a"},{"type":"input_image","detail":"low"}]"#)
            guard case .object(let told) = object["item"] else {
                Issue.record("no item")
                continue
            }
            #expect(encoded.isReduced && told["content"] == content)
            #expect(!encoder(20_000).encode(event, eventID: "e").isReduced)
        }
    }

    @Test("Anything else that is too long becomes an error that names its type and size")
    func error() throws {
        let item = ServerEventSamples.user([.inputText(String(repeating: "x", count: 5_000))])
        for event in [
            ServerEvent.conversationItemAdded(item, previousItemID: nil), .conversationItemRetrieved(item),
            .outputTextDone(address, String(repeating: "x", count: 5_000)),
        ] {
            let whole = encoder(.max).encode(event, eventID: "event_1").messages[0]
            let encoded = encoder(1_000).encode(event, eventID: "event_1")
            let objects = try objects(encoded, limit: 1_000)
            guard objects.count == 1, case .object(let error) = objects[0]["error"],
                case .string(let type) = objects[0]["type"],
                case .string(let message) = error["message"]
            else {
                Issue.record("no error")
                continue
            }
            #expect(encoded.isReduced && type == "error" && error["type"] == .string("server_error"))
            #expect(message.contains("\(whole.count) bytes") && message.contains("'"))
        }
    }

    @Test("A limit that leaves no room for anything leaves nothing, and says so")
    func noRoom() {
        for event in ServerEventSamples.all {
            #expect(encoder(10).encode(event, eventID: "e") == EncodedEvent(messages: [], isReduced: true))
        }
    }
}
