package import Wire

/// One call's RTP as it came: loss, jitter and pacing (RFC 3550 §6.4, A.3, A.8).
package struct ReceivedStream: Sendable {
    private static let clockRate = 48_000

    private var source: SSRC?
    private var sequences = SequenceUnwrapper()
    private var timestamps = TimestampUnwrapper()
    private var first: Int64 = 0
    private var highest: Int64 = 0
    private var inSource = 0
    private var lostBefore = 0
    package private(set) var received = 0
    private(set) var pacing = PacingMeter(clockRate: clockRate)
    private var lastTransit: Double?
    private var origin: ContinuousClock.Instant?
    /// In ticks of the media clock.
    private var jitter = 0.0

    package init() {}

    package mutating func receive(_ header: RTPHeader, now: ContinuousClock.Instant) {
        if header.ssrc != source { begin(header.ssrc) }
        let sequence = sequences.unwrap(header.sequenceNumber)
        let timestamp = timestamps.unwrap(header.timestamp)
        if inSource == 0 { (first, highest) = (sequence, sequence) }
        inSource += 1
        received += 1
        highest = max(highest, sequence)
        pacing.receive(timestamp: timestamp, now: now)
        spread(timestamp, now: now)
    }

    /// Of all sources so far.
    package var lost: Int { lostBefore + lostInSource }

    var jitterTime: Duration { .microseconds(Int64(jitter * 1_000_000 / Double(Self.clockRate))) }

    /// What `PacingMeter.take` gives.
    package mutating func takePacing(isLast: Bool = false) -> [Duration] { pacing.take(isLast: isLast) }

    private var lostInSource: Int { inSource == 0 ? 0 : max(0, Int(clamping: highest - first) + 1 - inSource) }

    private mutating func begin(_ source: SSRC) {
        lostBefore += lostInSource
        self.source = source
        sequences = SequenceUnwrapper()
        timestamps = TimestampUnwrapper()
        inSource = 0
        lastTransit = nil
    }

    private mutating func spread(_ timestamp: Int64, now: ContinuousClock.Instant) {
        let origin = origin ?? now
        self.origin = origin
        let arrival = (origin.duration(to: now) / .seconds(1)) * Double(Self.clockRate)
        let transit = arrival - Double(timestamp)
        if let last = lastTransit { jitter += (abs(transit - last) - jitter) / 16 }
        lastTransit = transit
    }
}
