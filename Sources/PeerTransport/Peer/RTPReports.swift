import AudioPipeline
import Wire

/// Statistics of one audio stream each way and the RTCP that carries them (RFC 3550 §6.4, A.3, A.8).
struct RTPReports {
    /// Nominal time between reports; each wait is spread over 0.5 to 1.5 of it (RFC 3550 §6.2).
    static let interval = Duration.seconds(2)

    /// What the peer's last report says of our stream.
    struct Remote: Equatable {
        var fractionLost: Double
        var jitter: Duration
        /// Nil until the peer has answered one of our sender reports.
        var roundTrip: Duration?
    }

    private let local: SSRC
    private let cname: String
    private let clockRate: Int
    private let clock: NTPClock
    private var inbound: Inbound?
    private var lastSenderReport: (middle: UInt32, arrival: ContinuousClock.Instant)?
    private var outbound = Outbound()
    private(set) var remote: Remote?
    private var hasNews = false

    private struct Inbound {
        let source: SSRC
        let firstSequence: Int64
        var highestSequence: Int64
        var received = 0
        var receivedAtLastReport = 0
        var expectedAtLastReport: Int64 = 0
        var jitter = 0.0
        var lastTransit: Double?

        var expected: Int64 { highestSequence - firstSequence + 1 }

        /// `transit`: arrival minus timestamp, in clock ticks; only its changes mean anything.
        mutating func receive(sequence: Int64, transit: Double) {
            received += 1
            highestSequence = max(highestSequence, sequence)
            if let last = lastTransit { jitter += (abs(transit - last) - jitter) / 16 }
            lastTransit = transit
        }
    }

    private struct Outbound {
        var packets: UInt32 = 0
        var octets: UInt32 = 0
        var lastTimestamp: UInt32 = 0
        var lastSent: ContinuousClock.Instant?
    }

    /// `clockRate`: of the RTP timestamps, in Hz.
    init(local: SSRC, cname: String, clockRate: Int, clock: NTPClock) {
        self.local = local
        self.cname = cname
        self.clockRate = clockRate
        self.clock = clock
    }

    /// One authenticated packet; `sequence` and `timestamp` are unwrapped.
    mutating func received(source: SSRC, sequence: Int64, timestamp: Int64, now: ContinuousClock.Instant) {
        if inbound?.source != source {
            inbound = Inbound(source: source, firstSequence: sequence, highestSequence: sequence)
            lastSenderReport = nil
        }
        let arrival = clock.seconds(at: now) * Double(clockRate)
        inbound?.receive(sequence: sequence, transit: arrival - Double(timestamp))
    }

    mutating func sent(octets: Int, timestamp: UInt32, now: ContinuousClock.Instant) {
        outbound.packets &+= 1
        outbound.octets &+= UInt32(clamping: octets)
        outbound.lastTimestamp = timestamp
        outbound.lastSent = now
    }

    /// What the peer reports of itself and of us.
    mutating func handle(_ packet: RTCPPacket, now: ContinuousClock.Instant) {
        switch packet {
        case .senderReport(let report):
            if report.ssrc == inbound?.source {
                lastSenderReport = (UInt32(truncatingIfNeeded: report.ntpTimestamp >> 16), now)
            }
            note(report.reports, now: now)
        case .receiverReport(let report): note(report.reports, now: now)
        case .sourceDescription, .goodbye, .nack, .other: break
        }
    }

    /// What the peer reports of our stream, once after each report.
    mutating func takeNews() -> Remote? {
        defer { hasNews = false }
        return hasNews ? remote : nil
    }

    /// A compound packet: sender or receiver report, then our CNAME.
    mutating func compound(now: ContinuousClock.Instant) -> [RTCPPacket] {
        [report(now: now), description]
    }

    /// A compound that carries `packet` at once: the report before it, which peers may insist on (RFC 4585 §3.1), says nothing.
    func feedback(_ packet: RTCPPacket) -> [RTCPPacket] {
        [.receiverReport(ReceiverReport(ssrc: local, reports: [])), description, packet]
    }

    /// The last words of a call (RFC 3550 §6.6).
    mutating func goodbye(now: ContinuousClock.Instant) -> [RTCPPacket] {
        [report(now: now), description, .goodbye(Goodbye(sources: [local], reason: nil))]
    }

    // MARK: Inside

    private var description: RTCPPacket {
        .sourceDescription([SourceDescriptionChunk(ssrc: local, cname: cname)])
    }

    private mutating func report(now: ContinuousClock.Instant) -> RTCPPacket {
        let blocks = reportBlock(now: now).map { [$0] } ?? []
        guard let lastSent = outbound.lastSent else {
            return .receiverReport(ReceiverReport(ssrc: local, reports: blocks))
        }
        let ticksSince = (clock.seconds(at: now) - clock.seconds(at: lastSent)) * Double(clockRate)
        return .senderReport(
            SenderReport(
                ssrc: local, ntpTimestamp: clock.timestamp(at: now),
                rtpTimestamp: outbound.lastTimestamp &+ UInt32(clamping: Int64(ticksSince)),
                packetCount: outbound.packets, octetCount: outbound.octets, reports: blocks))
    }

    private mutating func reportBlock(now: ContinuousClock.Instant) -> ReportBlock? {
        guard var stream = inbound else { return nil }
        let expected = stream.expected - stream.expectedAtLastReport
        let received = Int64(stream.received - stream.receivedAtLastReport)
        let lost = max(0, expected - received)
        stream.expectedAtLastReport = stream.expected
        stream.receivedAtLastReport = stream.received
        inbound = stream
        return ReportBlock(
            ssrc: stream.source, fractionLost: expected > 0 ? UInt8(clamping: lost * 256 / expected) : 0,
            cumulativeLost: Int32(clamping: stream.expected - Int64(stream.received)),
            highestSequence: UInt32(truncatingIfNeeded: stream.highestSequence),
            jitter: UInt32(clamping: Int64(stream.jitter)), lastSenderReport: lastSenderReport?.middle ?? 0,
            delaySinceLastSenderReport: lastSenderReport.map { NTPClock.units65536(now - $0.arrival) } ?? 0)
    }

    private mutating func note(_ blocks: [ReportBlock], now: ContinuousClock.Instant) {
        guard let block = blocks.first(where: { $0.ssrc == local }) else { return }
        let roundTrip: Duration? =
            block.lastSenderReport == 0
            ? nil : clock.roundTrip(since: block.lastSenderReport, held: block.delaySinceLastSenderReport, now: now)
        hasNews = true
        remote = Remote(
            fractionLost: Double(block.fractionLost) / 256,
            jitter: .seconds(Double(block.jitter) / Double(clockRate)), roundTrip: roundTrip ?? remote?.roundTrip)
    }
}
