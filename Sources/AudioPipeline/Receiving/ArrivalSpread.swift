/// How much later than the fastest of them the packets of the last two seconds came: what a packet that is missing can
/// still be waited for. Pure; allocates nothing after its making.
///
/// Only differences of transit times are used, so no clock of the sender's is needed, and its drift does not matter in
/// two seconds. A longer way that the network changes to is normal again after as long.
struct ArrivalSpread: Sendable {
    /// Older packets say nothing about now.
    static let memory = Duration.seconds(2)
    /// Two seconds of frames of 20 ms, and some; of shorter frames it is less time.
    private static let capacity = 128
    /// The latest one of so many is not waited for.
    private static let latestIgnored = 64
    /// Fewer say little: a network not known yet is taken for one that delays by 40 ms.
    private static let enough = 25
    private static let unknownSpread: Int64 = 1_920
    /// Transit times further apart belong to another clock.
    private static let jump: Int64 = 3 * 48_000

    private struct Packet {
        /// Arrival minus timestamp.
        var transit: Int64
        /// Ticks of 1/48000 s since the first packet.
        var arrival: Int64
    }

    private let ticksPerTimestamp: Int64
    private var origin: ContinuousClock.Instant?
    private var packets: [Packet] = []
    private var next = 0

    init(ticksPerTimestamp: Int64) {
        self.ticksPerTimestamp = ticksPerTimestamp
        packets.reserveCapacity(Self.capacity)
    }

    mutating func add(timestamp: Int64, arrival: ContinuousClock.Instant) {
        let began = origin ?? arrival
        origin = began
        let ticks = began.duration(to: arrival).ticks48k
        let packet = Packet(transit: ticks &- timestamp &* ticksPerTimestamp, arrival: ticks)
        if let any = packets.first, (packet.transit &- any.transit).magnitude > Self.jump.magnitude { clear() }
        if packets.count < Self.capacity {
            packets.append(packet)
        } else {
            packets[next] = packet
            next = (next + 1) % Self.capacity
        }
    }

    /// Until when a packet of `timestamp` may still come: not before `earliest`, and not later than `limit` after it.
    func deadline(
        timestamp: Int64, earliest: ContinuousClock.Instant, limit: Duration
    ) -> ContinuousClock.Instant {
        guard let origin, let transit = latestTransit(since: earliest - Self.memory) else { return earliest }
        let arrival = timestamp &* ticksPerTimestamp &+ transit
        let wait = arrival &- origin.duration(to: earliest).ticks48k
        return earliest + .ticks48k(min(max(wait, 0), limit.ticks48k))
    }

    mutating func clear() {
        packets.removeAll(keepingCapacity: true)
        next = 0
    }

    private func latestTransit(since time: ContinuousClock.Instant) -> Int64? {
        let oldest = origin.map { $0.duration(to: time).ticks48k } ?? 0
        var count = 0
        // The latest and the one before it.
        var (latest, second) = (Int64.min, Int64.min)
        var fastest = Int64.max
        for packet in packets where packet.arrival >= oldest {
            count += 1
            fastest = min(fastest, packet.transit)
            if packet.transit > latest {
                second = latest
                latest = packet.transit
            } else {
                second = max(second, packet.transit)
            }
        }
        guard count > 0 else { return nil }
        if count < Self.enough { return max(latest, fastest &+ Self.unknownSpread) }
        return count >= Self.latestIgnored ? second : latest
    }
}
