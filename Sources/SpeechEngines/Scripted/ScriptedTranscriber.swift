import AudioPipeline
import RealtimeProtocol
import SessionEngine

/// Hears the lines of a script, one for each turn that has sound in it; silence is heard as nothing.
struct ScriptedTranscriber: Transcriber {
    private let script: Script
    private let clock: any MonotonicClock
    private let turns = PosixLock(0)

    init(_ script: Script, clock: any MonotonicClock) {
        self.script = script
        self.clock = clock
    }

    /// Each session hears the script from its beginning.
    func forSession(_ session: StageSession) -> any Transcriber { ScriptedTranscriber(script, clock: clock) }

    func transcribe(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?, onDelta: @Sendable (String) async -> Void
    ) async throws(EngineFailure) -> Transcript {
        // The turn is taken before anything is waited for: turns are counted in the order they came.
        let turn = SoundLevel.hasSound(speech) ? nextTurn() : .transcript("")
        try? await clock.sleep(for: .milliseconds(script.timing.recogniserMs))
        let text: String
        switch turn {
        case .transcript(let transcript): text = transcript
        case .fail(let code, let message): throw EngineFailure(code: code, message: message)
        }
        for word in text.tokens { await onDelta(word) }
        let seconds = Double(speech.count) / Double(SampleRate.hz16000.hertz)
        return Transcript(text: text, usage: .duration(seconds: seconds))
    }

    private func nextTurn() -> Script.Hearing {
        guard !script.hears.isEmpty else { return .transcript("") }
        return turns.withLock { turn in
            defer { turn += 1 }
            return script.hears[turn % script.hears.count]
        }
    }
}

extension String {
    /// The words of a text, each with the white space before it; what they are joined to is the text.
    var tokens: [String] {
        var tokens: [String] = []
        var hasWord = false
        for character in self {
            if tokens.isEmpty || (character.isWhitespace && hasWord) {
                tokens.append("")
                hasWord = false
            }
            tokens[tokens.count - 1].append(character)
            hasWord = hasWord || !character.isWhitespace
        }
        return tokens
    }
}
