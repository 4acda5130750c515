import RealtimeProtocol

extension Usage {
    /// Of the `usage` of an upstream's `response.done`; without details all of it counts as text.
    init(relayed usage: JSONObject) {
        let given = usage["input_token_details"]?.object
        let made = usage["output_token_details"]?.object
        self.init(
            input: given.map { Details(relayed: $0) } ?? Details(text: usage["input_tokens"]?.count ?? 0),
            output: made.map { Details(relayed: $0) } ?? Details(text: usage["output_tokens"]?.count ?? 0))
        guard let given else { return }
        cached =
            given["cached_tokens_details"]?.object.map { Details(relayed: $0) }
            ?? Details(text: given["cached_tokens"]?.count ?? 0)
    }
}

extension Usage.Details {
    fileprivate init(relayed details: JSONObject) {
        self.init(
            text: details["text_tokens"]?.count ?? 0, audio: details["audio_tokens"]?.count ?? 0,
            image: details["image_tokens"]?.count ?? 0)
    }
}

extension TranscriptionUsage {
    /// Of an upstream's `…transcription.completed`; nil for a usage of another kind.
    init?(relayed usage: JSONObject) {
        switch usage["type"]?.string {
        case "duration":
            let seconds: Double? =
                switch usage["seconds"] {
                case .number(let number): number
                case .integer(let integer): Double(integer)
                default: nil
                }
            guard let seconds, (0...1_000_000).contains(seconds) else { return nil }
            self = .duration(seconds: seconds)
        case "tokens":
            let given = usage["input_token_details"]?.object
            self = .tokens(
                input: given.map { Usage.Details(relayed: $0) }
                    ?? Usage.Details(text: usage["input_tokens"]?.count ?? 0),
                output: usage["output_tokens"]?.count ?? 0)
        default: return nil
        }
    }
}
