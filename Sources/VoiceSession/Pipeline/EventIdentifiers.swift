/// Makes the `event_id` of each event: unique in the world by 12 random characters for the session and a count.
struct EventIdentifiers {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    private let session: String
    private var count: UInt64 = 0

    init() {
        session = Self.random(12)
    }

    mutating func next() -> String {
        count &+= 1
        return "event_\(session)\(String(count, radix: 36))"
    }

    /// Letters and digits from the system's generator.
    static func random(_ length: Int) -> String {
        String((0..<length).map { _ in alphabet[Int.random(in: alphabet.indices)] })
    }
}
