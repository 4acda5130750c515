package import Wire

/// Receiving, whole: RTP payloads in, mono PCM blocks on the media clock out.
///
/// Packets pass the jitter buffer, losses are restored from redundancy or concealed (at most 200 ms, then the index alone
/// advances), and every block carries the index that its RTP timestamp means. One receive, then poll until nil. Owned by
/// the media loop of its peer; all times are arguments.
package final class AudioReceiver {
    /// The longest concealment of one loss.
    private static let concealmentLimit: Duration = .milliseconds(200)
    /// The longest payload: 1,500 bytes of G.711 are 187.5 ms, an Opus packet is at most 120 ms.
    private static let payloadLimit: Duration = .milliseconds(200)

    package let rate: SampleRate
    package private(set) var counters = AudioReceiverCounters()
    package private(set) var clock = CodecClock()
    /// Between each packet's arrival and its decoding.
    package private(set) var holdTimes = HoldTimes()

    private let decoder: PayloadDecoder
    private let scratch: UnsafeMutableBufferPointer<Int16>
    private var jitterBuffer: JitterBuffer
    private var requests = RepairRequests()
    private var timeline: MediaTimeline
    private var sequences = SequenceUnwrapper()
    private var timestamps = TimestampUnwrapper()
    /// Samples lost right before the packet that comes next, to be restored from it.
    private var owed = 0

    package init(codec: AudioCodec, rate: SampleRate) throws(AudioError) {
        self.rate = rate
        decoder = try PayloadDecoder(codec, rate: rate)
        timeline = MediaTimeline(ticksPerTimestamp: codec.ticksPerTimestamp)
        jitterBuffer = JitterBuffer(ticksPerTimestamp: codec.ticksPerTimestamp)
        scratch = .allocate(
            capacity: rate.samples(in: Self.concealmentLimit) + rate.samples(in: Self.payloadLimit))
    }

    deinit {
        scratch.deallocate()
    }

    /// Numbers unwrapped, as reports need them.
    package struct Numbers: Equatable, Sendable {
        package var sequence: Int64
        package var timestamp: Int64
        /// It came because it was asked for: the network had lost it.
        package var isRepair = false

        package init(sequence: Int64, timestamp: Int64, isRepair: Bool = false) {
            self.sequence = sequence
            self.timestamp = timestamp
            self.isRepair = isRepair
        }
    }

    /// Takes the payload of one RTP packet that arrived at `now`.
    @discardableResult
    package func receive(
        sequence: UInt16, timestamp: UInt32, payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant
    ) -> Numbers {
        let numbers = numbers(sequence, timestamp, now: now)
        insert(payload, numbers, now: now)
        return numbers
    }

    /// Takes one RTP packet that carries earlier payloads of `payloadType` beside its own, as `receive` takes a plain one.
    @discardableResult
    package func receive(
        sequence: UInt16, timestamp: UInt32, redundant: RedundantPayload, of payloadType: PayloadType,
        now: ContinuousClock.Instant
    ) -> Numbers {
        let numbers = numbers(sequence, timestamp, now: now)
        redundant.forEachBlock { block in
            guard block.payloadType == payloadType, !block.payload.isEmpty else { return }
            let sequence = numbers.sequence &- Int64(block.distance)
            let isMissing = jitterBuffer.restore(
                sequence: sequence, timestamp: numbers.timestamp &- Int64(block.timestampOffset),
                payload: block.payload, now: now)
            if isMissing { requests.restored(sequence) }
        }
        insert(redundant.payload, numbers, now: now)
        return numbers
    }

    /// The sequence numbers to ask the peer for at `now`; empty nearly always.
    package func requestsDue(now: ContinuousClock.Instant) -> [UInt16] {
        let due = requests.due(now: now)
        counters.requested &+= UInt64(due.count)
        return due.map { UInt16(truncatingIfNeeded: $0) }
    }

    private func numbers(_ sequence: UInt16, _ timestamp: UInt32, now: ContinuousClock.Instant) -> Numbers {
        var numbers = Numbers(sequence: sequences.unwrap(sequence), timestamp: timestamps.unwrap(timestamp))
        numbers.isRepair = requests.received(numbers.sequence, now: now)
        if numbers.isRepair {
            counters.repaired &+= 1
            jitterBuffer.patience = requests.patience
        }
        return numbers
    }

    private func insert(
        _ payload: UnsafeRawBufferPointer, _ numbers: Numbers, now: ContinuousClock.Instant
    ) {
        let verdict = jitterBuffer.insert(
            sequence: numbers.sequence, timestamp: numbers.timestamp, payload: payload, now: now)
        counters.count(verdict)
        if verdict == .restarted {
            owed = 0
            requests.restart()
        }
    }

    /// Another source (SSRC) takes over with a packet that arrives at `now`; the clock goes on by the time that passed.
    package func restart(now: ContinuousClock.Instant) {
        jitterBuffer.reset()
        requests.restart()
        decoder.reset()
        sequences = SequenceUnwrapper()
        timestamps = TimestampUnwrapper()
        owed = 0
        timeline.changeSource(now: now)
    }

    /// The next block of sound; nil when nothing is due at `now`.
    package func poll(now: ContinuousClock.Instant) -> PCMBlock? {
        while let output = jitterBuffer.poll(now: now) {
            let block =
                switch output {
                case .lost(let packets, let timestamp): lose(packets, until: timestamp, now: now)
                case .packet(let packet): decode(packet, now: now)
                }
            if let block { return block }
        }
        return nil
    }

    /// When to poll although nothing arrived.
    package var nextDeadline: ContinuousClock.Instant? { jitterBuffer.nextDeadline }

    /// Conceals a loss now if it is long or not followed closely, or leaves it to the packet that follows.
    private func lose(_ packets: Int, until timestamp: Int64, now: ContinuousClock.Instant) -> PCMBlock? {
        counters.lost &+= UInt64(packets)
        guard let gap = timeline.gap(to: timestamp, now: now) else { return nil }
        let missing = min(gap, Int64(packets) * timeline.lastLength)
        let limit = Self.concealmentLimit.ticks48k
        let samples = wholeFrames(min(missing, limit))
        if samples.ticks == gap {
            owed = samples.count
            return nil
        }
        return conceal(samples.count)
    }

    private func decode(_ packet: JitterBufferPacket, now: ContinuousClock.Instant) -> PCMBlock? {
        let (payload, timestamp) = (packet.payload, packet.timestamp)
        holdTimes.add(packet.held)
        if packet.isRestored { counters.restored &+= 1 }
        let before = owed
        owed = 0
        guard !timeline.isAhead(now: now) else {
            counters.ahead &+= 1
            return nil
        }
        guard let duration = decoder.duration(of: payload), before + duration <= scratch.count else {
            counters.undecodable &+= 1
            return conceal(before)
        }
        guard let count = decoded(payload, after: before) else {
            counters.undecodable &+= 1
            return nil
        }
        let filled = timeline.fill(length: Int64(before) * rate.ticks48k)
        let (start, jumped) = timeline.place(timestamp: timestamp, length: Int64(count) * rate.ticks48k, now: now)
        if jumped { counters.timestampJumps &+= 1 }
        counters.concealedSamples &+= UInt64(before)
        return block(before + count, start: before > 0 ? filled : start)
    }

    /// Fills the scratch with `lost` samples restored from `payload`, then the payload's own; nil when it is refused.
    private func decoded(_ payload: UnsafeRawBufferPointer, after lost: Int) -> Int? {
        let tail = UnsafeMutableBufferPointer(rebasing: scratch[lost...])
        return try? clock.measureDecode { () throws(AudioError) -> Int in
            if lost > 0 {
                _ = try decoder.recover(samples: lost, from: payload, into: scratch)
            }
            return try decoder.decode(payload, into: tail)
        }
    }

    private func conceal(_ samples: Int) -> PCMBlock? {
        guard samples > 0 else { return nil }
        let made = try? clock.measureDecode { () throws(AudioError) -> Int in
            try decoder.conceal(samples: samples, into: scratch)
        }
        guard let made else { return nil }
        counters.concealedSamples &+= UInt64(made)
        return block(made, start: timeline.fill(length: Int64(made) * rate.ticks48k))
    }

    /// `ticks` rounded down to the 2.5 ms that codecs count in, as samples and as ticks again.
    private func wholeFrames(_ ticks: Int64) -> (count: Int, ticks: Int64) {
        let whole = ticks / 120 * 120
        return (Int(whole / rate.ticks48k), whole)
    }

    private func block(_ count: Int, start: SampleIndex) -> PCMBlock {
        PCMBlock(samples: Array(scratch[..<count]), rate: rate, start: start)
    }
}
