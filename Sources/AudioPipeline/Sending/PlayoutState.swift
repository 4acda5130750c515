/// The state of a `PlayoutQueue`: samples, whose they are, and who waits for room. Pure; the queue holds the lock and
/// resumes the continuations that come out of here.
struct PlayoutState: ~Copyable {
    /// A task whose samples do not fit yet; they move in as room appears.
    struct Waiter {
        let ticket: UInt64
        let generation: Generation
        var samples: ArraySlice<Int16>
        let continuation: CheckedContinuation<EnqueueResult, Never>
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
    /// The newest generation offered or named by a discard; older ones are over.
    private var newest = Generation(rawValue: 0)
    private var lastPlayed: Generation?
    private var isClosed = false

    init(capacity: Int) {
        queue = SampleQueue(capacity: capacity)
        segments.reserveCapacity(Self.segmentLimit)
    }

    var queuedSamples: Int { queue.count }

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

    /// Lets a task wait with what did not fit; the answer is at once when things changed since the offer.
    mutating func wait(_ waiter: Waiter, isCancelled: Bool) -> Wake? {
        if isClosed { return Wake(continuation: waiter.continuation, result: .closed) }
        if isCancelled || waiter.generation < newest {
            counters.discardedSamples &+= UInt64(waiter.samples.count)
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
        guard !waiters.isEmpty else { return nil }
        let moved = append(waiters[0].samples, waiters[0].generation)
        waiters[0].samples = waiters[0].samples.dropFirst(moved)
        return waiters[0].samples.isEmpty ? dismiss(0, .queued) : nil
    }

    /// Takes one frame. See `PlayoutQueue` for the rule.
    mutating func read(into frame: UnsafeMutableBufferPointer<Int16>) -> PlayoutRead? {
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
        counters.paddedSamples &+= UInt64(frame.count - samples)
        return PlayoutRead(generation: segment.generation, samples: samples, startsTalkspurt: starts)
    }

    /// Drops what is older than `generation`, queued or offered later; `nextDiscarded` gives those who wait with such.
    mutating func discard(before generation: Generation) {
        newest = max(newest, generation)
        while let segment = segments.first, segment.generation < generation {
            counters.discardedSamples &+= UInt64(segment.samples)
            queue.drop(segment.samples)
            segments.removeFirst()
        }
        if segments.isEmpty { playback = .idle }
    }

    /// The next waiter of a generation before `generation`.
    mutating func nextDiscarded(before generation: Generation) -> Wake? {
        guard let index = waiters.firstIndex(where: { $0.generation < generation }) else { return nil }
        return dismiss(index, .discarded)
    }

    mutating func close() {
        isClosed = true
        counters.discardedSamples &+= UInt64(queue.count)
        queue.drop(queue.count)
        segments.removeAll(keepingCapacity: true)
        playback = .idle
    }

    /// The next waiter of a closed queue.
    mutating func nextClosed() -> Wake? {
        waiters.isEmpty ? nil : dismiss(0, .closed)
    }

    private mutating func dismiss(_ index: Int, _ result: EnqueueResult) -> Wake {
        let waiter = waiters.remove(at: index)
        counters.discardedSamples &+= UInt64(waiter.samples.count)
        return Wake(continuation: waiter.continuation, result: result)
    }

    private mutating func append(_ samples: ArraySlice<Int16>, _ generation: Generation) -> Int {
        let continues = segments.last?.generation == generation
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
    }
}
