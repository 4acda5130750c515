import AudioPipeline
import SessionEngine

/// What a session plays, beside what it hears of its user, so that the assistant's own voice coming back is not taken for
/// somebody who interrupts.
///
/// Both are kept at 4 kHz as differences of neighbouring samples, the played sound on the timeline of the input: where that
/// ended when the sound left. Costs nothing while nothing is played. Pure.
struct EchoGuard {
    /// How the played sound is known.
    enum Playing: Sendable {
        /// It leaves in real time, and it is told when: an echo is back within 500 ms.
        case timed
        /// A client plays it when it likes, at the earliest when it was sent: looked for over 1.5 s.
        case sent

        fileprivate var searchSamples: Int {
            switch self {
            case .timed: 2_000
            case .sent: 6_000
            }
        }
    }

    /// Played sound that may lie too late on the timeline, since playing is told of in pieces (100 ms).
    private static let slack = 400
    /// Of what is sent ahead of being heard (12 s), and of what a turn has queued.
    private static let maxAhead = 48_000
    /// Played sound that is kept (18 s): where nobody listens, as while the client tells turns, nothing else lets it go.
    static let maxPlayed = 72_000
    /// Generations that may have sound queued; the oldest is forgotten.
    private static let maxQueues = 8
    /// Ticks of an `AudioPosition` per sample.
    private static let ticksPerSample: Int64 = 12
    private static let playedStep = 6
    private static let heardStep = 4

    private var playing = Playing.timed
    /// Played sound, from sample `origin` of the input on.
    private var reference: [Float] = []
    private var origin = 0
    private var lastPlayed: Float = 0
    /// Sound given to peers that has not left yet, by playout generation.
    private var queued: [Generation: Queue] = [:]
    /// Of these what left last is from: what it has queued follows without a gap, told of or not.
    private var leaving: Generation?
    /// The latest of the input, up to sample `heardUntil`.
    private var heard: [Float] = []
    private var heardUntil = 0
    private var lastHeard: Float = 0
    /// Where the last echo that left no doubt was, in the question's terms: how late this one is.
    private var lastEcho: Int?

    /// Changed in its place in the table: of a copy all samples would be moved with every frame that leaves.
    private struct Queue {
        private var storage: [Float] = []
        /// Of the storage, that have left; they go when they are as many as the rest.
        private var gone = 0
        /// Samples at 24 kHz that have left.
        private(set) var left = 0

        var samples: ArraySlice<Float> { storage[gone...] }

        mutating func append(_ samples: [Float]) {
            storage += samples
            drop(max(0, storage.count - gone - EchoGuard.maxAhead))
        }

        /// What leaves until `played` samples at 24 kHz have.
        mutating func leave(until played: Int) -> [Float] {
            let count = min((played - left) / EchoGuard.playedStep, samples.count)
            guard count > 0 else { return [] }
            left += count * EchoGuard.playedStep
            defer { drop(count) }
            return Array(samples.prefix(count))
        }

        private mutating func drop(_ count: Int) {
            gone += count
            guard gone >= storage.count - gone else { return }
            storage.removeFirst(gone)
            gone = 0
        }
    }

    private var head: Int { origin + reference.count }
    /// Samples of played sound that are kept, at 4 kHz: at most twice `maxPlayed`.
    var playedSamples: Int { reference.count }

    /// Sound (mono, 24 kHz) is given to the peers, under this generation.
    mutating func queue(_ samples: [Int16], _ generation: Generation) {
        queued[generation, default: Queue()].append(Self.narrow(samples, by: Self.playedStep, after: &lastPlayed))
        if queued.count > Self.maxQueues, let oldest = queued.keys.min(by: { $0.rawValue < $1.rawValue }) {
            queued[oldest] = nil
        }
    }

    /// So much of a generation has left for a peer, now that the input ends at `position`.
    mutating func left(_ played: PlayedAudio, inputEnd position: AudioPosition) {
        guard let before = queued[played.generation]?.left, played.samples > before,
            let samples = queued[played.generation]?.leave(until: played.samples)
        else { return }
        let start = Self.sample(position) - samples.count
        if leaving == played.generation, !reference.isEmpty {
            follow(samples[...], atTheLatestFrom: start)
        } else {
            play(samples[...], from: start, as: .timed)
        }
        leaving = queued[played.generation]?.samples.isEmpty == false ? played.generation : nil
    }

    /// Sound was sent to clients that play it themselves.
    mutating func sent(_ samples: [Int16], inputEnd position: AudioPosition) {
        play(Self.narrow(samples, by: Self.playedStep, after: &lastPlayed)[...], from: Self.sample(position), as: .sent)
    }

    /// What is queued of a generation is not played, nor what a client has not had time to play.
    mutating func discard(_ generations: [Generation], inputEnd position: AudioPosition) {
        for generation in generations { queued[generation] = nil }
        reference.removeLast(max(0, min(reference.count, head - Self.sample(position))))
    }

    /// A window of the input, at 16 kHz.
    mutating func hear(_ window: [Int16], endingAt position: AudioPosition) {
        let end = Self.sample(position)
        guard isActive(at: end) else {
            if !heard.isEmpty { (heard, reference, lastEcho) = ([], [], nil) }
            return
        }
        let samples = Self.narrow(window, by: Self.heardStep, after: &lastHeard)
        if end - samples.count != heardUntil { heard = [] }
        heard += samples
        heard.removeFirst(max(0, heard.count - EchoQuestion.length))
        heardUntil = end
        forget(before: heardUntil - EchoQuestion.length - playing.searchSamples - EchoQuestion.taps)
    }

    /// Whether the latest of the input is an echo, to be found out elsewhere; nil where it cannot be one.
    var question: EchoQuestion? {
        guard heard.count >= EchoQuestion.shortest else { return nil }
        // From the earliest that may come back now to the latest that may be placed too late. What leaves right now may come
        // back before it is told of.
        let first = heardUntil - heard.count - playing.searchSamples
        let untold = leaving.flatMap { queued[$0]?.samples } ?? []
        let last = min(head + untold.count, heardUntil + Self.slack)
        guard last - first > heard.count else { return nil }
        let missing = max(0, origin - first)
        let part =
            reference[min(reference.count, max(0, first - origin))..<max(0, min(last, head) - origin)]
            + untold.prefix(max(0, last - head))
        guard part.contains(where: { $0 != 0 }) else { return nil }
        return EchoQuestion(heard: heard, played: [Float](repeating: 0, count: missing) + part, last: lastEcho)
    }

    /// What came of a question.
    mutating func settle(_ answer: EchoQuestion.Answer) {
        if let place = answer.place { lastEcho = place }
    }

    private func isActive(at end: Int) -> Bool {
        !reference.isEmpty && end - head < playing.searchSamples + EchoQuestion.length
    }

    private mutating func play(_ samples: ArraySlice<Float>, from start: Int, as playing: Playing) {
        self.playing = playing
        let gap = start - head
        if reference.isEmpty || gap > Self.maxAhead {
            (reference, origin) = ([], start)
        } else if gap > Self.slack {
            reference += [Float](repeating: 0, count: gap)
        }
        reference += samples.prefix(max(0, start + Self.maxAhead - head))
        bound()
    }

    /// Sound that left right after the last, however late that is told: where it stands is known from what went before, and
    /// an earlier telling than expected shows that all of it stands too late.
    private mutating func follow(_ samples: ArraySlice<Float>, atTheLatestFrom start: Int) {
        if head - start > Self.slack { (origin, lastEcho) = (origin + start - head, nil) }
        reference += samples
        bound()
    }

    /// Only where half goes, so that what stays is not moved with every window.
    private mutating func forget(before needed: Int) {
        guard needed > origin, 2 * (needed - origin) >= reference.count else { return }
        reference.removeFirst(min(reference.count, needed - origin))
        origin = needed
    }

    /// Only at twice the bound, so that what stays is not moved with every piece.
    private mutating func bound() {
        if reference.count > 2 * Self.maxPlayed { forget(before: head - Self.maxPlayed) }
    }

    private static func sample(_ position: AudioPosition) -> Int { Int(position.rawValue / ticksPerSample) }

    /// Means of `step` samples, less the mean before.
    private static func narrow(_ samples: [Int16], by step: Int, after last: inout Float) -> [Float] {
        (0..<samples.count / step).map { index in
            let mean = Float(samples[index * step..<(index + 1) * step].reduce(0) { $0 + Int($1) }) / Float(step)
            defer { last = mean }
            return mean - last
        }
    }
}
