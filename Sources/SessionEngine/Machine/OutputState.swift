import RealtimeProtocol

/// What the session has said so far: audio on its way to peers, and what follows from there having been any.
struct OutputState: Sendable {
    /// Audio that has not been played to its end, by age.
    var playouts: [Playout] = []
    /// Such as were played to their end a short while ago, by age: perhaps to a client that was not there any more.
    private var ended: [Playout] = []
    /// Whether any audio was made: from then on the voice stays (RT-064).
    var hasAudio = false
    /// When a client that plays the audio of events itself will have played it, if it began at once.
    private(set) var heardUntil: ContinuousClock.Instant?
    /// Of the last response that had audio on a peer.
    var lastResponse: ResponseID?

    func playout(_ generation: ResponseGeneration) -> Int? {
        playouts.firstIndex { $0.generation == generation }
    }

    /// Audio goes out in events.
    mutating func send(samples: Int, now: ContinuousClock.Instant) {
        let length = Duration.seconds(1) * samples / (SpokenPart.samplesPerMs * 1_000)
        heardUntil = max(heardUntil ?? now, now) + length
    }

    /// A client has stopped playing, or does now.
    mutating func clientFellSilent() { heardUntil = nil }

    /// Remembers a playout that has ended.
    mutating func keep(_ playout: Playout, now: ContinuousClock.Instant) {
        ended.removeAll { !$0.isRemembered(now) }
        ended.append(playout)
        ended[ended.count - 1].mark(now, isLast: true)
    }

    /// What was played after `instant` was not heard, and is still to be played.
    mutating func forget(heardAfter instant: ContinuousClock.Instant) {
        playouts = ended + playouts
        ended = []
        for index in playouts.indices { playouts[index].forget(heardAfter: instant) }
        playouts.removeAll { $0.isOver }
    }

    /// A playout begins anew with a peer that has heard nothing of it.
    mutating func begin(_ generation: ResponseGeneration) {
        if let index = playout(generation) { playouts[index].begin() }
    }

    /// Takes a playout out of the list.
    mutating func removePlayout(_ generation: ResponseGeneration) -> Playout? {
        playout(generation).map { playouts.remove(at: $0) }
    }
}
