extension JSONWriter {
    /// The response object of `response.created` and `response.done` (REALTIME_API section 4.2).
    mutating func members(of response: Response, _ dialect: Dialect) {
        member("object", "realtime.response")
        member("id", response.id.rawValue)
        status(response.status)
        let output = dialect == .beta ? response.output.filter { !$0.isMCP } : response.output
        array("output", output) { json, item in json.object { $0.members(of: item, dialect) } }
        member("conversation_id", orNull: response.conversationID?.rawValue)
        switch dialect {
        case .current:
            member("output_modalities", [response.outputModality.rawValue])
            maxOutputTokens("max_output_tokens", response.maxOutputTokens)
            object("audio") {
                $0.object("output") {
                    $0.format("format", response.outputFormat)
                    $0.member("voice", response.voice.wireName)
                }
            }
        case .beta:
            member("modalities", response.outputModality.betaNames)
            member("voice", response.voice.wireName)
            member("output_audio_format", response.outputFormat.betaName)
            maxOutputTokens("max_output_tokens", response.maxOutputTokens)
        }
        name("usage")
        if let usage = response.usage { object { $0.members(of: usage) } } else { null() }
        name("metadata")
        if let metadata = response.metadata { value(metadata) } else { null() }
    }

    private mutating func status(_ status: Response.Status) {
        switch status {
        case .inProgress, .completed:
            member("status", status == .inProgress ? "in_progress" : "completed")
            member("status_details", .null)
        case .cancelled(let reason): self.status("cancelled") { $0.member("reason", reason.rawValue) }
        case .incomplete(let reason): self.status("incomplete") { $0.member("reason", reason.rawValue) }
        case .failed(let failure):
            self.status("failed") {
                $0.object("error") {
                    $0.member("type", failure.type)
                    $0.member("code", failure.code)
                    $0.member("message", failure.message)
                }
            }
        }
    }

    private mutating func status(_ word: String, _ details: (inout JSONWriter) -> Void) {
        member("status", word)
        object("status_details") {
            $0.member("type", word)
            details(&$0)
        }
    }

    /// Token counts with all their splits (RT-186, RT-188).
    private mutating func members(of usage: Usage) {
        member("total_tokens", usage.input.total + usage.output.total)
        member("input_tokens", usage.input.total)
        member("output_tokens", usage.output.total)
        object("input_token_details") {
            $0.tokens(usage.input)
            $0.member("cached_tokens", usage.cached.total)
            $0.object("cached_tokens_details") { $0.tokens(usage.cached) }
        }
        object("output_token_details") {
            $0.member("text_tokens", usage.output.text)
            $0.member("audio_tokens", usage.output.audio)
        }
    }

    private mutating func tokens(_ details: Usage.Details) {
        member("text_tokens", details.text)
        member("audio_tokens", details.audio)
        member("image_tokens", details.image)
    }

    mutating func members(of usage: TranscriptionUsage) {
        switch usage {
        case .duration(let seconds):
            member("type", "duration")
            member("seconds", seconds)
        case .tokens(let input, let output):
            member("type", "tokens")
            member("total_tokens", input.total + output)
            member("input_tokens", input.total)
            object("input_token_details") {
                $0.member("text_tokens", input.text)
                $0.member("audio_tokens", input.audio)
            }
            member("output_tokens", output)
        }
    }
}
