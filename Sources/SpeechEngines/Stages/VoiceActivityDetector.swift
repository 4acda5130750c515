package import SessionEngine

/// Says of short windows of sound whether somebody speaks. One for many sessions, so that it may batch.
package protocol VoiceActivityDetector: Sendable {
    /// A fresh memory for one session.
    func makeStream() -> any VoiceActivityStream
}

/// One session's voice activity; called from one task at a time.
package protocol VoiceActivityStream: Sendable {
    /// Probability of speech, 0 to 1, in a window of `voiceActivityWindow` samples: mono Int16 at 16 kHz.
    func probability(in window: [Int16]) async throws(EngineFailure) -> Double
    /// Forgets the sound so far.
    func reset()
}

/// Samples at 16 kHz (32 ms) in one window of voice activity.
package let voiceActivityWindow = 512
