/// Makes the `event_id` of each event: unique in the world by 12 random characters for the session and a count.
struct EventIdentifiers {
    private let session: String
    private var count: UInt64 = 0

    init() {
        session = RandomLetters.draw(12)
    }

    mutating func next() -> String {
        count &+= 1
        return "event_\(session)\(String(count, radix: 36))"
    }
}
