import RealtimeProtocol

/// What the session has said so far: audio on its way to peers, and what follows from there having been any.
struct OutputState: Sendable {
    /// Audio that has not been played to its end, by age.
    var playouts: [Playout] = []
    /// Whether any audio was made: from then on the voice stays (RT-064).
    var hasAudio = false
    /// Of the last response that had audio on a peer.
    var lastResponse: ResponseID?

    func playout(_ generation: ResponseGeneration) -> Int? {
        playouts.firstIndex { $0.generation == generation }
    }

    /// Takes a playout out of the list.
    mutating func removePlayout(_ generation: ResponseGeneration) -> Playout? {
        playout(generation).map { playouts.remove(at: $0) }
    }
}
