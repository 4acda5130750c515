/// Words over an answer, until the answer stops.
struct BargeIn: Sendable {
    enum Outcome: Equatable, Sendable {
        case stopped(after: Duration)
        /// The answer had ended by itself before.
        case tooLate
        case notStopped
    }

    /// Packets under way may follow the word that there are none.
    private static let rest = Duration.milliseconds(200)
    /// An answer that goes on for so long was not stopped.
    private static let patience = Duration.seconds(5)

    /// When the first sample of the words was spoken.
    let from: ContinuousClock.Instant
    let isWebSocket: Bool
    private var lastSound: ContinuousClock.Instant?
    private var stopped: ContinuousClock.Instant?
    private var heardAt: ContinuousClock.Instant?
    private var endedByItself = false

    init(from: ContinuousClock.Instant, isWebSocket: Bool) {
        self.from = from
        self.isWebSocket = isWebSocket
    }

    mutating func sound(now: ContinuousClock.Instant) { lastSound = now }

    mutating func note(_ type: String, now: ContinuousClock.Instant) {
        switch type {
        case "output_audio_buffer.cleared": stopped = stopped ?? now
        case "output_audio_buffer.stopped": endedByItself = stopped == nil
        case "input_audio_buffer.speech_started": heardAt = heardAt ?? now
        default: break
        }
    }

    /// What came of it; nil while that is open.
    ///
    /// - Parameter nextBegan: another answer is there, whose sound is not this one's.
    func outcome(now: ContinuousClock.Instant, nextBegan: Bool) -> Outcome? {
        if isWebSocket {
            // The client stops playing when it is told that somebody speaks.
            if let heardAt { return .stopped(after: from.duration(to: heardAt)) }
        } else {
            if endedByItself { return .tooLate }
            let isQuiet = (lastSound ?? from).duration(to: now) >= Self.rest
            let isTold = stopped.map { $0.duration(to: now) >= Self.rest } ?? false
            if isTold || nextBegan || (heardAt != nil && isQuiet) {
                return .stopped(after: max(.zero, from.duration(to: lastSound ?? from)))
            }
        }
        return from.duration(to: now) >= Self.patience ? .notStopped : nil
    }
}
