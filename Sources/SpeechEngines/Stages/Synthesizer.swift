package import RealtimeProtocol
package import SessionEngine

/// Turns text into speech. A voice it does not know is spoken by its default (RT-066).
package protocol Synthesizer: Sendable {
    /// Nil: it takes any name.
    var voices: VoiceTable? { get }
    /// The voice of one session, asked once at its start; one without memory of a session is its own.
    func forSession(_ session: StageSession) -> any Synthesizer
    /// Opens what the first request would have to wait for; where nothing has to be opened it does nothing.
    func connect() async
    /// Looks whether what failed works again, where it can be looked for without work.
    func probe() async
    /// Speaks one clause, block by block; `onAudio` may wait until there is room. Stops early when the task is cancelled.
    func speak(
        _ request: SpeechRequest, onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure)
}

extension Synthesizer {
    package func forSession(_ session: StageSession) -> any Synthesizer { self }

    package func connect() async {}

    package func probe() async {}

    package var voices: VoiceTable? { nil }
}

/// A block of synthesized speech.
package struct SynthesizedAudio: Equatable, Sendable {
    /// Mono Int16 at 24 kHz, at most a few seconds: a playout queue holds 5 s.
    package var samples: [Int16]
    /// Words that end in this block, or all of the clause with its first block where they are known; in ms from the
    /// clause's first sample.
    package var words: [WordTiming]

    package init(samples: [Int16], words: [WordTiming]) {
        self.samples = samples
        self.words = words
    }
}
