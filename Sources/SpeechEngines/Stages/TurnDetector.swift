package import SessionEngine

/// What is known of a turn at a pause.
package struct TurnEvidence: Equatable, Sendable {
    /// The turn so far, the pause at its end included: mono Int16 at 16 kHz.
    package var speech: [Int16]
    /// Length of that pause, as far as it is in `speech`.
    package var silenceMs: Int
    /// How long it will have lasted when the answer counts.
    package var pauseMs: Int

    package init(speech: [Int16], silenceMs: Int, pauseMs: Int) {
        self.speech = speech
        self.silenceMs = silenceMs
        self.pauseMs = pauseMs
    }

    /// Samples at 16 kHz before the pause.
    package var spoken: ArraySlice<Int16> { speech.dropLast(silenceMs * 16) }
}

/// Says how finished a turn sounds; asked again as a pause grows.
package protocol TurnDetector: Sendable {
    /// 0 (in mid-sentence) to 1 (done).
    ///
    /// - Parameter transcript: what the recogniser makes of the turn before the pause, nil where it cannot say; a detector
    ///   that does not read never asks it.
    func score(
        of evidence: TurnEvidence, transcript: @escaping @Sendable () async -> String?
    ) async throws(EngineFailure) -> Double
}
