/// The last audio that was appended, as events: what the upstream would miss if the connection ended now, and what it has missed
/// while there is none. Pure.
struct InputTail: Equatable, Sendable {
    /// 20 s of PCM in base64: what is kept of speech, and without a connection.
    static let maxBytes = 20 * bytesPerSecond
    /// While nobody speaks: what stands before the first word.
    static let quietBytes = bytesPerSecond

    private static let bytesPerSecond = 64_000

    private(set) var events: [RelayedEvent] = []
    private var bytes = 0

    /// Bytes of events that were let go to keep to `limit`.
    mutating func add(_ event: RelayedEvent, limit: Int) -> Int {
        events.append(event.lean)
        bytes += event.bytes.count
        var (surplus, count) = (0, 0)
        while bytes > limit, count < events.count - 1 {
            bytes -= events[count].bytes.count
            surplus += events[count].bytes.count
            count += 1
        }
        events.removeFirst(count)
        return surplus
    }

    mutating func clear() { self = InputTail() }
}
