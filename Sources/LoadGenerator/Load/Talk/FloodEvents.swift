/// The events of a client that floods, at its rate.
struct FloodEvents {
    private let filler: [UInt8]
    private let perSecond: Double
    private var owed = 0.0

    init(_ flood: LoadGroup.Flood) {
        filler = ClientEvents.filler(bytes: flood.eventBytes)
        perSecond = flood.eventBytes > 0 ? Double(flood.eventsPerSecond) : 0
    }

    /// The event that is due once `time` has passed since the last call; nil for none.
    mutating func next(after time: Duration) -> [UInt8]? {
        owed += perSecond * (time / .seconds(1))
        guard owed >= 1 else { return nil }
        owed -= 1
        return filler
    }
}
