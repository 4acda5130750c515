package import RealtimeProtocol

extension Script {
    /// Reads a script file. An error names the field by its path; a field that no script has is one.
    package init(parsing file: [UInt8]) throws(ProtocolError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(file)
        } catch {
            throw ProtocolError(code: "invalid_json", "The script is not valid JSON: \(error.message).")
        }
        let fields = try JSONFields(value, path: "script")
        try fields.allow("limits", "timing", "turn_score", "hears", "rules")
        if let limits = try fields.fields("limits") { self.limits = try Limits(limits) }
        if let timing = try fields.fields("timing") { self.timing = try Timing(timing) }
        turnScore = try fields.number("turn_score", in: 0...1)
        for turn in try fields.elements("hears") ?? [] { hears.append(try Hearing(turn.value, path: turn.path)) }
        for rule in try fields.elements("rules") ?? [] {
            rules.append(try Rule(JSONFields(rule.value, path: rule.path)))
        }
    }
}

extension Script.Hearing {
    fileprivate init(_ value: JSONValue, path: String) throws(ProtocolError) {
        if case .string(let transcript) = value {
            self = .transcript(transcript)
        } else {
            let fields = try JSONFields(value, path: path)
            try fields.allow("fail")
            let failure = try fields.requiredFields("fail")
            self = .fail(code: try failure.requiredString("code"), message: try failure.requiredString("message"))
        }
    }
}

extension Script.Limits {
    fileprivate init(_ fields: JSONFields) throws(ProtocolError) {
        self.init()
        try fields.allow("context_tokens", "max_output_tokens")
        let tokens = 16...10_000_000
        if let count = try fields.integer("context_tokens", in: tokens) { contextTokens = count }
        if let count = try fields.integer("max_output_tokens", in: 1...contextTokens) { maxOutputTokens = count }
        maxOutputTokens = min(maxOutputTokens, contextTokens)
    }
}

extension Script.Timing {
    fileprivate init(_ fields: JSONFields) throws(ProtocolError) {
        self.init()
        try fields.allow("recogniser_ms", "first_token_ms", "token_ms", "word_ms")
        let wait = 0...60_000
        if let ms = try fields.integer("recogniser_ms", in: wait) { recogniserMs = ms }
        if let ms = try fields.integer("first_token_ms", in: wait) { firstTokenMs = ms }
        if let ms = try fields.integer("token_ms", in: wait) { tokenMs = ms }
        if let ms = try fields.integer("word_ms", in: 20...2_000) { wordMs = ms }
    }
}

extension Script.Rule {
    fileprivate init(_ fields: JSONFields) throws(ProtocolError) {
        try fields.allow("when", "reply")
        when = Script.Condition()
        if let condition = try fields.fields("when") { when = try Script.Condition(condition) }
        guard let steps = try fields.elements("reply") else { throw .missing(fields.path(of: "reply")) }
        reply = []
        for step in steps { reply.append(try Script.Step(JSONFields(step.value, path: step.path))) }
    }
}

extension Script.Condition {
    fileprivate init(_ fields: JSONFields) throws(ProtocolError) {
        try fields.allow("user", "tool_output", "instructions")
        user = try fields.pattern("user")
        toolOutput = try fields.string("tool_output")
        instructions = try fields.pattern("instructions")
    }
}

extension Script.Step {
    fileprivate init(_ fields: JSONFields) throws(ProtocolError) {
        if let text = try fields.string("say") {
            try fields.allow("say")
            self = .say(text)
        } else if let name = try fields.string("call") {
            try fields.allow("call", "arguments")
            self = .call(name: name, arguments: try fields.fields("arguments")?.object ?? JSONObject())
        } else if try fields.bool("message_end") == true {
            try fields.allow("message_end")
            self = .messageEnd
        } else if let ms = try fields.integer("wait_ms", in: 0...3_600_000) {
            try fields.allow("wait_ms")
            self = .wait(ms: ms)
        } else if let failure = try fields.fields("fail") {
            try fields.allow("fail")
            self = .fail(code: try failure.requiredString("code"), message: try failure.requiredString("message"))
        } else if let stop = try fields.choice("stop", Script.Stop.self) {
            try fields.allow("stop")
            self = .stop(stop)
        } else {
            throw .invalid(fields.path, "expected one of 'say', 'call', 'message_end', 'wait_ms', 'fail' and 'stop'")
        }
    }
}

extension JSONFields {
    fileprivate func allow(_ names: String...) throws(ProtocolError) {
        for member in object.members where !names.contains(member.name) {
            throw .invalid(path(of: member.name), "no script has such a field here")
        }
    }

    fileprivate func pattern(_ name: String) throws(ProtocolError) -> TextPattern? {
        guard let text = try string(name) else { return nil }
        guard let pattern = TextPattern(text) else { throw .invalid(path(of: name), "not a regular expression") }
        return pattern
    }
}
