/// What became of samples offered to a `PlayoutQueue`.
package enum EnqueueResult: Equatable, Sendable {
    /// All are queued.
    case queued
    /// Some or all will never be played: their generation is over, or the waiting task was cancelled.
    case discarded
    /// The queue is closed.
    case closed
}
