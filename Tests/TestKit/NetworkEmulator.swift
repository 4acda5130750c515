import PeerTransport

/// What a path does to packets. Probabilities are 0 to 1.
package struct NetworkConditions: Sendable {
    package var loss = 0.0
    package var duplication = 0.0
    /// Probability that a packet is held back by `reorderDelay`.
    package var reordering = 0.0
    package var delay = Duration.milliseconds(10)
    package var reorderDelay = Duration.milliseconds(35)

    package init(loss: Double = 0, duplication: Double = 0, reordering: Double = 0) {
        self.loss = loss
        self.duplication = duplication
        self.reordering = reordering
    }
}

/// One direction of a path on virtual time: the same seed spoils the same packets.
package struct NetworkEmulator {
    private let conditions: NetworkConditions
    private var generator: SeededGenerator
    private var inFlight: [(arrival: ContinuousClock.Instant, order: Int, bytes: [UInt8])] = []
    private var order = 0

    package init(_ conditions: NetworkConditions, seed: UInt64) {
        self.conditions = conditions
        generator = SeededGenerator(seed: seed)
    }

    package mutating func send(_ bytes: [UInt8], now: ContinuousClock.Instant) {
        guard !happens(conditions.loss) else { return }
        enqueue(bytes, now: now)
        if happens(conditions.duplication) { enqueue(bytes, now: now) }
    }

    /// What has arrived by `now`, in order of arrival.
    package mutating func receive(now: ContinuousClock.Instant) -> [[UInt8]] {
        let due = inFlight.filter { $0.arrival <= now }.sorted {
            ($0.arrival, $0.order) < ($1.arrival, $1.order)
        }
        if !due.isEmpty { inFlight.removeAll { $0.arrival <= now } }
        return due.map(\.bytes)
    }

    private mutating func enqueue(_ bytes: [UInt8], now: ContinuousClock.Instant) {
        let held = happens(conditions.reordering) ? conditions.reorderDelay : .zero
        inFlight.append((now + conditions.delay + held, order, bytes))
        order += 1
    }

    private mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &generator) < probability
    }
}
