/// PCM that waits to be sent (mono Int16 at `rate`): written by the session, read by the media loop every 20 ms.
///
/// Credit: at most `capacity` is held; `enqueue` suspends while there is no room, and its samples move in as the reader
/// makes some. A producer that must not suspend waits for `room` first and appends then. Generations only go up: once a
/// newer one was offered or one was discarded, older samples that are offered are dropped and counted.
///
/// A read gives a frame by this rule, which never builds up delay by itself:
///
///     idle       waits for a whole frame; one that is still partial at the second tick is played, filled with silence
///     playing    plays what is there, filled with silence when it is less than a frame
///     empty      gives nothing and is idle again; there is no buffering anew after it
///
/// A frame never mixes generations: the last of one is filled with silence when another follows. What is discarded while it
/// plays is heard for 10 ms more, getting silent, which does not count as played.
///
/// Thread-safe by one pthread mutex, held for a copy at most and never while a continuation is resumed.
package final class PlayoutQueue: Sendable {
    package let rate: SampleRate

    /// What is discarded while it plays ends in silence within this time, without a click.
    static let fadeLength = Duration.milliseconds(10)

    private let state: PosixLock<PlayoutState>
    private let tickets = PosixLock<UInt64>(0)

    package init(rate: SampleRate, capacity: Duration = .seconds(5)) {
        self.rate = rate
        state = PosixLock(
            PlayoutState(
                capacity: max(1, rate.samples(in: capacity)), fadeSamples: rate.samples(in: Self.fadeLength)))
    }

    /// Queues `samples`; suspends only while there is no room. Runs on the caller's executor. Producers that wait are
    /// served in order; a cancelled one is freed and what did not fit is dropped.
    nonisolated(nonsending)
        package func enqueue(_ samples: [Int16], generation: Generation) async -> EnqueueResult
    {
        switch state.withLock({ $0.offer(samples[...], generation) }) {
        case .done(let result): return result
        case .wait(let rest): return await wait(for: .samples(rest), generation)
        }
    }

    /// Takes the next frame of `frame.count` samples, without allocating; nil when there is nothing to play.
    package func read(into frame: UnsafeMutableBufferPointer<Int16>) -> PlayoutRead? {
        let read = state.withLock { $0.read(into: frame) }
        guard let read else { return nil }
        wake { $0.nextSatisfied() }
        tellPlayed()
        return read
    }

    /// Waits until so many samples can be appended; false when they never can: the generation is over, the queue is
    /// closed, or the task is cancelled. More than the queue holds has room once it is empty.
    nonisolated(nonsending)
        package func room(for samples: Int, generation: Generation) async -> Bool
    {
        if let answer = state.withLock({ $0.hasRoom(for: samples, generation) }) { return answer }
        return await wait(for: .room(samples), generation) == .queued
    }

    /// Whether so many samples can be appended now.
    package func hasRoom(for samples: Int, generation: Generation) -> Bool {
        state.withLock { $0.hasRoom(for: samples, generation) } ?? false
    }

    /// Queues `samples` at once; what does not fit is dropped and counted. For a producer that waited for `room`.
    package func append(_ samples: [Int16], generation: Generation) {
        state.withLock { $0.force(samples[...], generation) }
    }

    /// Waits until something was played since the last call, and gives the totals of each generation; empty when the
    /// queue is closed or the task is cancelled. One caller at a time; at most one answer per frame.
    nonisolated(nonsending)
        package func nextPlayed() async -> [PlayedAudio]
    {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { $0.listen(continuation, isCancelled: Task.isCancelled) }
                if !waits { continuation.resume(returning: state.withLock { $0.takeUntold() }) }
            }
        } onCancel: {
            state.withLock { $0.stopListening() }?.resume(returning: [])
        }
    }

    /// Drops what is queued of `generation`, and it or older ones when offered or waiting, now and later.
    package func discard(_ generation: Generation) {
        state.withLock { $0.discard(generation) }
        wake { $0.nextDiscarded() }
        wake { $0.nextSatisfied() }
    }

    /// Drops everything and frees whoever waits. Idempotent.
    package func close() {
        state.withLock { $0.close() }
        wake { $0.nextClosed() }
        tellPlayed()
    }

    /// Samples queued, those that wait for room not counted.
    package var queuedSamples: Int { state.withLock { $0.queuedSamples } }

    package var counters: PlayoutCounters { state.withLock { $0.counters } }

    nonisolated(nonsending)
        private func wait(for demand: PlayoutState.Demand, _ generation: Generation) async -> EnqueueResult
    {
        let ticket = tickets.withLock { next in
            next &+= 1
            return next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = PlayoutState.Waiter(
                    ticket: ticket, generation: generation, demand: demand, continuation: continuation)
                // A cancellation before this is seen here, one after it finds the waiter.
                state.withLock { $0.wait(waiter, isCancelled: Task.isCancelled) }?.resume()
            }
        } onCancel: {
            state.withLock { $0.cancel(ticket: ticket) }?.resume()
            wake { $0.nextSatisfied() }
        }
    }

    private func tellPlayed() {
        guard let told = state.withLock({ $0.takePlayed() }) else { return }
        told.listener.resume(returning: told.played)
    }

    /// Resumes one waiter after the other, each outside the lock.
    private func wake(_ next: (inout PlayoutState) -> PlayoutState.Wake?) {
        while let wake = state.withLock({ next(&$0) }) {
            wake.resume()
        }
    }
}
