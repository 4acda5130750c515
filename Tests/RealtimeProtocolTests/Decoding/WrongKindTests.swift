import RealtimeProtocol
import Testing

/// Every field of every client event, replaced by every wrong kind of value and left out.
@Suite("Wrong fields")
struct WrongKindTests {
    private static let replacements: [JSONValue] = [
        .null, .bool(true), .integer(7), .integer(-1), .integer(.max), .number(1.5), .number(1e300), .string(""),
        .string("x"), .array([]), .array([.null]), .array([.string("x")]), .object(JSONObject()),
        .object(JSONObject([("x", .integer(1))])), .object(JSONObject([("type", .string("x"))])),
    ]

    /// What the event needs: without it, or with null, it is refused.
    private static let required: Set = [
        "type", "audio", "session", "item", "item_id", "content_index", "audio_end_ms", "item.type", "item.role",
        "item.content", "item.call_id", "item.name", "item.arguments", "item.output", "item.content[].type",
        "item.content[].text", "item.content[].image_url", "session.tools[].type", "session.tools[].name",
        "session.tool_choice.type", "session.tool_choice.name", "session.truncation.type",
        "session.truncation.retention_ratio", "session.audio.input.noise_reduction.type",
        "session.audio.output.voice.id", "response.tools[].type", "response.tools[].name",
        "response.tool_choice.type", "response.tool_choice.name", "response.audio.output.format.type",
        "response.input[].type", "response.input[].id", "response.input[].role", "response.input[].content",
        "response.input[].content[].type", "response.input[].content[].text",
    ]

    /// Elements of arrays, which cannot be null, and values of metadata.
    private static func refusesNull(_ path: String) -> Bool {
        required.contains(path) || path.hasSuffix("[]") || path.hasPrefix("response.metadata.")
    }

    /// Fields that have no effect, whatever they are.
    private static func isIgnored(_ path: String) -> Bool {
        ["item.status", "item.object", "session.model"].contains(path)
            || [".parameters.", ".tracing.metadata."].contains { path.contains($0) }
    }

    /// Fields with more than one kind of value.
    private static let otherKinds: [String: Set<String>] = [
        "session.tool_choice": ["string", "object"], "response.tool_choice": ["string", "object"],
        "session.max_output_tokens": ["string", "number"], "response.max_output_tokens": ["string", "number"],
        "session.tracing": ["string", "object"], "session.truncation": ["string", "object"],
        "session.audio.output.voice": ["string", "object"], "response.audio.output.voice": ["string", "object"],
    ]

    private func general(_ path: JSONPath) -> String {
        var general = ""
        for step in path.steps {
            switch step {
            case .member(let name): general += general.isEmpty ? name : ".\(name)"
            case .element: general += "[]"
            }
        }
        return general
    }

    /// What decoding says, and merging into a session that has nothing set.
    private func error(of event: JSONValue, _ dialect: Dialect = .current) -> ProtocolError? {
        do throws(ProtocolError) {
            let event = try EventDecoder(dialect: dialect).decode(Array(text(event).utf8))
            if case .sessionUpdate(let update) = event.payload {
                var quiet = SessionConfiguration(kind: .realtime, model: "m")
                quiet.input.turnDetection = nil
                _ = try quiet.merging(update)
                _ = try SessionConfiguration(kind: .transcription, model: "m").merging(update)
            }
            return nil
        } catch {
            return error
        }
    }

    private func names(_ error: ProtocolError, _ path: String) -> Bool {
        guard let param = error.param else { return false }
        return param == path || param.hasPrefix("\(path).") || param.hasPrefix("\(path)[")
            || path.hasPrefix("response.metadata.") && param == "response.metadata"
    }

    /// Without the session's own type, which one of the two sessions would refuse before anything else.
    private func event(_ sample: String) throws -> JSONValue {
        try json(sample).replacing(JSONPath(steps: [.member("session"), .member("type")]), by: nil)
    }

    @Test("A sample is right as it is", arguments: ClientEventSamples.all)
    func samples(_ sample: String) throws {
        #expect(error(of: try event(sample)) == nil)
    }

    @Test("A value of the wrong kind is refused by the name of its field", arguments: ClientEventSamples.all)
    func wrongKinds(_ sample: String) throws {
        let event = try event(sample)
        for path in JSONPath.all(in: event) {
            guard let value = event[path] else { continue }
            let general = general(path)
            let kinds = Self.otherKinds[general] ?? [value.kind]
            for replacement in Self.replacements where replacement.kind != "null" {
                let error = error(of: event.replacing(path, by: replacement))
                if let error {
                    #expect(names(error, "\(path)"), "\(path) as \(text(replacement)): \(error)")
                } else if !kinds.contains(replacement.kind), !Self.isIgnored(general) {
                    Issue.record("\(path) as \(text(replacement)) is taken")
                }
            }
        }
    }

    @Test("A required field that is null or absent is missing, any other may be", arguments: ClientEventSamples.all)
    func nullAndAbsent(_ sample: String) throws {
        let event = try event(sample)
        for path in JSONPath.all(in: event) {
            let general = general(path)
            let refused = error(of: event.replacing(path, by: .null))
            if Self.refusesNull(general) {
                #expect(refused.map { names($0, "\(path)") } == true, "\(path) may be null")
            } else {
                #expect(refused == nil, "\(path) as null: \(String(describing: refused))")
            }
            if Self.required.contains(general) {
                let error = error(of: event.replacing(path, by: nil))
                #expect(error?.code == "missing_required_parameter" && error?.param == "\(path)", "\(path)")
            }
        }
    }

    @Test("No beta event traps on a value of the wrong kind", arguments: ClientEventSamples.all)
    func beta(_ sample: String) throws {
        let event = try json(sample)
        for path in JSONPath.all(in: event) {
            for replacement in Self.replacements {
                let error = error(of: event.replacing(path, by: replacement), .beta)
                #expect(error == nil || error?.param != nil)
            }
        }
    }
}
