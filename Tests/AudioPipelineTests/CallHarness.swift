import AudioPipeline
import Wire

/// Drives an `AudioReceiver` on virtual time: each packet is 20 ms after the last unless told otherwise.
struct CallHarness {
    let receiver: AudioReceiver
    var now: ContinuousClock.Instant = .now
    var blocks: [PCMBlock] = []

    init(_ codec: AudioCodec = .opus, rate: SampleRate = .hz24000) throws {
        receiver = try AudioReceiver(codec: codec, rate: rate)
    }

    mutating func advance(_ duration: Duration) {
        now += duration
    }

    /// One packet and a drain.
    mutating func receive(_ sequence: UInt16, _ timestamp: UInt32, _ payload: [UInt8]) {
        _ = payload.withUnsafeBytes {
            receiver.receive(sequence: sequence, timestamp: timestamp, payload: $0, now: now)
        }
        drain()
    }

    /// One packet with earlier payloads in it, or `plain` where there are none, and a drain.
    mutating func receiveRedundant(_ sequence: UInt16, _ timestamp: UInt32, _ payload: [UInt8], plain: [UInt8]) {
        guard !payload.isEmpty else { return receive(sequence, timestamp, plain) }
        payload.withUnsafeBytes { bytes in
            guard let redundant = try? RedundantPayload(parsing: bytes) else { return }
            receiver.receive(
                sequence: sequence, timestamp: timestamp, redundant: redundant, of: redundant.payloadType, now: now)
        }
        drain()
    }

    mutating func drain() {
        while let block = receiver.poll(now: now) {
            blocks.append(block)
        }
    }

    /// A steady stream: packet n has sequence `first + n` and timestamp `start + n × step`; those in `lost` never come.
    mutating func stream(
        _ packets: [[UInt8]], first: UInt16 = 0, start: UInt32 = 0, step: UInt32 = 960,
        every: Duration = .milliseconds(20), lost: Set<Int> = []
    ) {
        for (index, packet) in packets.enumerated() {
            if !lost.contains(index) {
                receive(first &+ UInt16(truncatingIfNeeded: index), start &+ UInt32(index) &* step, packet)
            }
            advance(every)
        }
    }

    /// All samples in order, with silence where the index says that nothing was heard.
    var sound: [Int16] {
        var samples: [Int16] = []
        for block in blocks {
            let start = Int(block.start.rawValue / block.rate.ticks48k)
            samples += [Int16](repeating: 0, count: max(0, start - samples.count))
            samples += block.samples
        }
        return samples
    }

    /// Every block stands right after the one before.
    var isContiguous: Bool {
        zip(blocks, blocks.dropFirst()).allSatisfy { $0.end == $1.start }
    }
}
