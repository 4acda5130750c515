/// What a whole call brought.
package struct CallReport: Sendable {
    /// From the offer until media could flow.
    package var setUp = Duration.zero
    package var turns: [CallTurn] = []
    /// What the caller said and what it heard, mono 24 kHz, on one clock.
    package var caller: [Int16] = []
    package var answer: [Int16] = []
    /// Frames the caller itself sent late or not at all; times of such a call are too long.
    package var lateFrames = 0
}
