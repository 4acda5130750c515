/// Values that are asked for often, change seldom and take time to make: all are made anew once the first is older than their
/// lifetime.
struct ShortMemory<Key: Hashable, Value> {
    private let lifetime: Duration
    private var began: ContinuousClock.Instant?
    private var values: [Key: Value] = [:]

    init(lifetime: Duration) { self.lifetime = lifetime }

    mutating func value(of key: Key, now: ContinuousClock.Instant, make: () -> Value) -> Value {
        if let began, now - began < lifetime {
            if let value = values[key] { return value }
        } else {
            values.removeAll(keepingCapacity: true)
            began = now
        }
        let value = make()
        values[key] = value
        return value
    }
}
