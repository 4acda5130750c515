import Foundation
import RealtimeProtocol
import Testing

/// Every server event as it goes over the wire, compared to the letter with files that the Python side validates against
/// the types of the `openai` package (Tests/Conformance/check_shapes.py).
///
/// With `PARLEY_WRITE_FIXTURES` in the environment the files are written instead.
@Suite("Server events on the wire")
struct GoldenEventTests {
    private func lines(_ dialect: Dialect) -> [String] {
        let encoder = EventEncoder(dialect: dialect, wantsExtensions: false, maxMessageBytes: 1 << 20)
        return ServerEventSamples.all.enumerated().flatMap { index, event in
            encoder.encode(event, eventID: "event_\(index)").messages.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test(
        "Every event is written as in its file",
        arguments: [(Dialect.current, "server-events.jsonl"), (Dialect.beta, "server-events-beta.jsonl")])
    func golden(_ dialect: Dialect, _ file: String) throws {
        let lines = lines(dialect)
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let url = source.appending(path: "Fixtures/\(file)")
        if ProcessInfo.processInfo.environment["PARLEY_WRITE_FIXTURES"] != nil {
            try (lines.joined(separator: "\n") + "\n").write(to: url, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines.count == golden.count)
        for (line, expected) in zip(lines, golden) { #expect(line == expected) }
    }

    @Test("Null stands only where the contract lists it", arguments: [Dialect.current, .beta])
    func nulls(_ dialect: Dialect) throws {
        var found: Set<String> = []
        for line in lines(dialect) {
            guard case .object(let event) = try JSONParser.parse(Array(line.utf8)) else { continue }
            collectNulls(.object(event), path: "", into: &found)
        }
        #expect(found.subtracting(Self.nullable(dialect)).sorted() == [])
    }

    @Test("The samples show every event there is in each dialect")
    func complete() throws {
        func types(_ dialect: Dialect) throws -> Set<String> {
            var types: Set<String> = []
            for line in lines(dialect) {
                guard case .object(let event) = try JSONParser.parse(Array(line.utf8)),
                    case .string(let type) = event["type"]
                else { continue }
                types.insert(type)
            }
            return types
        }
        #expect(try types(.current).sorted() == Self.currentTypes)
        #expect(try types(.beta).sorted() == Self.betaTypes)
    }

    private func collectNulls(_ value: JSONValue, path: String, into paths: inout Set<String>) {
        switch value {
        case .null: paths.insert(path)
        case .object(let object):
            for member in object.members {
                let inner = path.isEmpty ? member.name : "\(path).\(member.name)"
                collectNulls(member.value, path: inner, into: &paths)
            }
        case .array(let elements):
            for element in elements { collectNulls(element, path: "\(path)[]", into: &paths) }
        default: break
        }
    }

    private static func nullable(_ dialect: Dialect) -> [String] {
        let transcription = ["model", "language", "prompt"].map { "transcription.\($0)" }
        switch dialect {
        case .current:
            let input = ["transcription", "noise_reduction", "turn_detection", "turn_detection.idle_timeout_ms"]
            return common + ["session.prompt"] + (input + transcription).map { "session.audio.input.\($0)" }
        case .beta:
            let input = ["transcription", "noise_reduction"] + transcription
            return common + ["session.turn_detection"] + input.map { "session.input_audio_\($0)" }
        }
    }

    private static let common = [
        "error.code", "error.param", "error.event_id", "previous_item_id", "item.content[].transcript",
        "response.conversation_id", "response.metadata", "response.status_details", "response.usage",
        "response.output[].content[].transcript", "session.include", "session.tracing",
    ]
}
