import RealtimeProtocol

/// What the audio of a session's events is, by what the server says it is, in both dialects.
struct SoundFormats: Equatable {
    private(set) var input = AudioFormat.pcm
    private(set) var output = AudioFormat.pcm

    /// `session.created` and `session.updated`.
    mutating func note(session event: JSONObject) {
        guard case .object(let session)? = event["session"] else { return }
        input = Self.format(session, "input") ?? Self.beta(session["input_audio_format"]) ?? input
        output = Self.format(session, "output") ?? Self.beta(session["output_audio_format"]) ?? output
    }

    /// `response.created`: an answer may have a format of its own.
    mutating func note(response event: JSONObject) {
        guard case .object(let response)? = event["response"] else { return }
        output = Self.format(response, "output") ?? Self.beta(response["output_audio_format"]) ?? output
    }

    /// `audio.input.format.type`.
    private static func format(_ object: JSONObject, _ side: String) -> AudioFormat? {
        guard case .object(let audio)? = object["audio"], case .object(let side)? = audio[side],
            case .object(let format)? = side["format"], case .string(let type)? = format["type"]
        else { return nil }
        return AudioFormat(rawValue: type)
    }

    private static func beta(_ value: JSONValue?) -> AudioFormat? {
        switch value {
        case .string("pcm16")?: .pcm
        case .string("g711_ulaw")?: .pcmu
        case .string("g711_alaw")?: .pcma
        default: nil
        }
    }
}
