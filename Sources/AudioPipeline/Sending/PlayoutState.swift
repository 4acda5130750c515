/// The state of a `PlayoutQueue`: samples, whose they are, and who waits for room. Pure; the queue holds the lock and
/// resumes the continuations that come out of here.
struct PlayoutState: ~Copyable {
    /// A task whose samples do not fit yet; they move in as room appears.
    struct Waiter {
        let ticket: UInt64
        let generation: Generation
        var demand: Demand
        let continuation: CheckedContinuation<EnqueueResult, Never>
    }

    enum Demand {
        /// Samples to be queued.
        case samples(ArraySlice<Int16>)
        /// Room for so many, which the task then fills itself.
        case room(Int)

        /// Samples that are lost if the task is sent away.
        var samples: Int {
            switch self {
            case .samples(let samples): samples.count
            case .room: 0
            }
        }
    }

    /// A waiter that is done, and what it is told.
    struct Wake {
        let continuation: CheckedContinuation<EnqueueResult, Never>
        let result: EnqueueResult

        func resume() {
            continuation.resume(returning: result)
        }
    }

    enum Offer {
        case done(EnqueueResult)
        /// These samples need room first.
        case wait(ArraySlice<Int16>)
    }

    private struct Segment {
        let generation: Generation
        var samples: Int
        /// Dropped when it comes to the front.
        var isDiscarded = false
    }

    private enum Playback {
        case idle
        /// A frame that is not full was seen once at its beginning.
        case starting
        case playing
    }

    /// Generations that may be queued at once; more wait as if there were no room.
    private static let segmentLimit = 16
    private(set) var counters = PlayoutCounters()
    private var queue: SampleQueue
    private var segments: [Segment] = []
    private var waiters: [Waiter] = []
    private var playback = Playback.idle
    private var played = PlayedTally()
    private var fade: FadeOut
    private var listener: CheckedContinuation<[PlayedAudio], Never>?
    /// Samples of discarded segments that are not at the front yet.
    private var deadSamples = 0
    /// The newest generation offered, or the one after the newest discarded; older ones are over.
    private var newest = Generation(rawValue: 0)
    private var lastPlayed: Generation?
    private var isClosed = false

    init(capacity: Int, fadeSamples: Int) {
        queue = SampleQueue(capacity: capacity)
        fade = FadeOut(samples: fadeSamples)
        segments.reserveCapacity(Self.segmentLimit)
    }

    var queuedSamples: Int { queue.count - deadSamples }

    /// Whether samples may be queued now; nil when they have to wait.
    func hasRoom(for samples: Int, _ generation: Generation) -> Bool? {
        if isClosed || generation < newest { return false }
        return waiters.isEmpty && fits(samples, generation) ? true : nil
    }

    /// Queues what fits, unless others wait already.
    mutating func offer(_ samples: ArraySlice<Int16>, _ generation: Generation) -> Offer {
        if isClosed { return .done(.closed) }
        guard generation >= newest else {
            counters.discardedSamples &+= UInt64(samples.count)
            return .done(.discarded)
        }
        newest = generation
        guard waiters.isEmpty else { return .wait(samples) }
        let rest = samples.dropFirst(append(samples, generation))
        return rest.isEmpty ? .done(.queued) : .wait(rest)
    }

    /// Queues what fits without waiting; the rest is dropped.
    mutating func force(_ samples: ArraySlice<Int16>, _ generation: Generation) {
        var taken = 0
        if !isClosed, generation >= newest {
            newest = generation
            taken = append(samples, generation)
        }
        counters.discardedSamples &+= UInt64(samples.count - taken)
    }

    /// Lets a task wait with what did not fit; the answer is at once when things changed since the offer.
    mutating func wait(_ waiter: Waiter, isCancelled: Bool) -> Wake? {
        if isClosed { return Wake(continuation: waiter.continuation, result: .closed) }
        if isCancelled || waiter.generation < newest {
            counters.discardedSamples &+= UInt64(waiter.demand.samples)
            return Wake(continuation: waiter.continuation, result: .discarded)
        }
        waiters.append(waiter)
        return nextSatisfied()
    }

    mutating func cancel(ticket: UInt64) -> Wake? {
        guard let index = waiters.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        return dismiss(index, .discarded)
    }

    /// Moves waiting samples into free room; a waiter that is through comes back, one at a time.
    mutating func nextSatisfied() -> Wake? {
        guard let first = waiters.first else { return nil }
        switch first.demand {
        case .samples(let samples):
            let rest = samples.dropFirst(append(samples, first.generation))
            waiters[0].demand = .samples(rest)
            return rest.isEmpty ? dismiss(0, .queued) : nil
        case .room(let samples):
            return fits(samples, first.generation) ? dismiss(0, .queued) : nil
        }
    }

    /// Takes one frame. See `PlayoutQueue` for the rule.
    mutating func read(into frame: UnsafeMutableBufferPointer<Int16>) -> PlayoutRead? {
        if let ended = fade.take(into: frame) {
            counters.paddedSamples &+= UInt64(frame.count)
            return PlayoutRead(generation: ended, samples: 0, startsTalkspurt: false)
        }
        guard let segment = segments.first else {
            playback = .idle
            return nil
        }
        let samples = min(segment.samples, frame.count)
        if samples < frame.count, segments.count == 1, playback == .idle {
            playback = .starting
            return nil
        }
        let starts = playback != .playing
        if starts, lastPlayed == segment.generation { counters.underruns &+= 1 }
        playback = .playing
        lastPlayed = segment.generation
        queue.take(into: UnsafeMutableBufferPointer(rebasing: frame[..<samples]))
        frame[samples...].update(repeating: 0)
        shorten(by: samples)
        counters.playedSamples &+= UInt64(samples)
        played.add(samples, segment.generation)
        counters.paddedSamples &+= UInt64(frame.count - samples)
        return PlayoutRead(generation: segment.generation, samples: samples, startsTalkspurt: starts)
    }

    /// Drops what is queued of `generation`; offers of it or older are over. `nextDiscarded` gives those who wait with such.
    mutating func discard(_ generation: Generation) {
        newest = max(newest, Generation(rawValue: generation.rawValue &+ 1))
        fadeOut(generation)
        for index in segments.indices where segments[index].generation == generation && !segments[index].isDiscarded {
            segments[index].isDiscarded = true
            deadSamples += segments[index].samples
            counters.discardedSamples &+= UInt64(segments[index].samples)
        }
        dropDead()
        if segments.isEmpty { playback = .idle }
    }

    /// Keeps the next few samples of what plays now, if it is that which is discarded.
    private mutating func fadeOut(_ generation: Generation) {
        guard playback == .playing, let segment = segments.first, segment.generation == generation,
            !segment.isDiscarded
        else { return }
        queue.withOldest(min(fade.limit, segment.samples)) { fade.begin(with: $0, of: generation) }
    }

    /// The next waiter of a generation that is over.
    mutating func nextDiscarded() -> Wake? {
        guard let index = waiters.firstIndex(where: { $0.generation < newest }) else { return nil }
        return dismiss(index, .discarded)
    }

    /// What was played and not told yet; who waits for it is given it once.
    mutating func takePlayed() -> (listener: CheckedContinuation<[PlayedAudio], Never>, played: [PlayedAudio])? {
        guard !played.isEmpty || isClosed, let listener else { return nil }
        self.listener = nil
        return (listener, played.take())
    }

    /// False when there is something to tell at once, or nothing ever more.
    mutating func listen(_ continuation: CheckedContinuation<[PlayedAudio], Never>, isCancelled: Bool) -> Bool {
        guard played.isEmpty, !isClosed, !isCancelled, listener == nil else { return false }
        listener = continuation
        return true
    }

    mutating func takeUntold() -> [PlayedAudio] { played.take() }

    mutating func stopListening() -> CheckedContinuation<[PlayedAudio], Never>? {
        defer { listener = nil }
        return listener
    }

    mutating func close() {
        isClosed = true
        counters.discardedSamples &+= UInt64(queuedSamples)
        queue.drop(queue.count)
        deadSamples = 0
        segments.removeAll(keepingCapacity: true)
        playback = .idle
    }

    /// The next waiter of a closed queue.
    mutating func nextClosed() -> Wake? {
        waiters.isEmpty ? nil : dismiss(0, .closed)
    }

    private mutating func dismiss(_ index: Int, _ result: EnqueueResult) -> Wake {
        let waiter = waiters.remove(at: index)
        counters.discardedSamples &+= UInt64(waiter.demand.samples)
        return Wake(continuation: waiter.continuation, result: result)
    }

    /// Whether samples can be queued; more than the whole queue holds can when it is empty.
    private func fits(_ samples: Int, _ generation: Generation) -> Bool {
        let continues = segments.last.map { $0.generation == generation && !$0.isDiscarded } ?? false
        return (continues || segments.count < Self.segmentLimit) && (queue.room >= samples || queue.count == 0)
    }

    /// Queues what fits and returns how many samples that is.
    private mutating func append(_ samples: ArraySlice<Int16>, _ generation: Generation) -> Int {
        let continues = segments.last.map { $0.generation == generation && !$0.isDiscarded } ?? false
        guard continues || segments.count < Self.segmentLimit else { return 0 }
        let taken = queue.append(samples)
        guard taken > 0 else { return 0 }
        if continues {
            segments[segments.count - 1].samples += taken
        } else {
            segments.append(Segment(generation: generation, samples: taken))
        }
        return taken
    }

    private mutating func shorten(by samples: Int) {
        segments[0].samples -= samples
        if segments[0].samples == 0 { segments.removeFirst() }
        dropDead()
    }

    private mutating func dropDead() {
        while let segment = segments.first, segment.isDiscarded {
            queue.drop(segment.samples)
            deadSamples -= segment.samples
            segments.removeFirst()
        }
    }
}
