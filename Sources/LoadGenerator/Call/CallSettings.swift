package import RealtimeProtocol

/// How a caller sets its session up, and how patient it is.
package struct CallSettings: Sendable {
    /// Members of the session beside what every call asks for: the transcript of what was said.
    package var session = JSONObject()
    /// Quiet between the end of an answer and the next recording.
    package var pause = Duration.milliseconds(500)
    /// From the end of speech to the end of the answer.
    package var patience = Duration.seconds(60)

    package init() {}

    /// `session.update` with `semantic_vad` at its default eagerness, as the page has it, unless `session` says otherwise.
    var update: [UInt8] {
        var input = JSONObject([
            ("transcription", .object(JSONObject([("model", .string("whisper-1"))]))),
            ("turn_detection", .object(JSONObject([("type", .string("semantic_vad"))]))),
        ])
        var audio = JSONObject()
        var whole = session
        whole["type"] = .string("realtime")
        if case .object(let given)? = session["audio"] { audio = given }
        if case .object(let given)? = audio["input"] {
            for member in given.members { input[member.name] = member.value }
        }
        audio["input"] = .object(input)
        whole["audio"] = .object(audio)
        var writer = JSONWriter()
        writer.value(.object(JSONObject([("type", .string("session.update")), ("session", .object(whole))])))
        return writer.bytes
    }
}
