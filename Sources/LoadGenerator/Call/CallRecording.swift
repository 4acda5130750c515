import AudioPipeline

/// Both sides of a call on one clock, mono 24 kHz each: what was sent, and what was heard were each packet played as it
/// came, or after the one before it.
package struct CallRecording: Sendable {
    /// Of either side; a longer call is recorded no further.
    private static let maxSamples = 3_600 * 24_000

    /// What the caller said, as it was given to the microphone.
    package private(set) var caller: [Int16] = []
    private var packets: [(at: ContinuousClock.Instant, samples: [Int16])] = []
    private var packetSamples = 0

    package init() {}

    mutating func said(_ samples: [Int16]) {
        caller += samples.prefix(Self.maxSamples - caller.count)
    }

    mutating func heard(_ block: PCMBlock, at now: ContinuousClock.Instant) {
        guard packetSamples + block.samples.count <= Self.maxSamples else { return }
        packetSamples += block.samples.count
        packets.append((now, block.samples))
    }

    /// What was heard, with the silence between, from the time the microphone's first sample was spoken.
    func answer(since origin: ContinuousClock.Instant) -> [Int16] {
        var track: [Int16] = []
        for packet in packets {
            let place = SpokenSound.samples(in: origin.duration(to: packet.at))
            track += repeatElement(0, count: max(0, min(place, Self.maxSamples) - track.count))
            track += packet.samples
        }
        return track
    }
}
