package import SessionEngine

/// Says how finished a turn sounds.
package protocol TurnDetector: Sendable {
    /// 0 (in mid-sentence) to 1 (done), of the speech so far: mono Int16 at 16 kHz, the pause at its end included.
    func score(of speech: [Int16]) async throws(EngineFailure) -> Double
}
