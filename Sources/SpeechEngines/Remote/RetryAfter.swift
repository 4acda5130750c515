import Foundation

/// `Retry-After` of an answer (RFC 9110, section 10.2.3): seconds, or a date.
enum RetryAfter {
    /// What is longer is no word on when to come again.
    private static let longest = 86_400

    /// How long to wait; nil for what is neither form, or longer than a day.
    ///
    /// - Parameters:
    ///   - date: the answer's own `Date`, from which one in `text` is reckoned, so that the two clocks need not agree.
    ///   - now: in the place of a `Date` that is not there.
    static func delay(_ text: String, date: String?, now: Date) -> Duration? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if let seconds = Int(text) { return (0...longest).contains(seconds) ? .seconds(seconds) : nil }
        guard let due = parsed(text) else { return nil }
        let wait = due.timeIntervalSince(date.flatMap(parsed) ?? now)
        guard wait <= TimeInterval(longest) else { return nil }
        return .milliseconds(max(0, Int((wait * 1_000).rounded(.up))))
    }

    /// The three forms that a recipient takes (RFC 9110, section 5.6.7), the usual one first.
    private static func parsed(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        for form in ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy"] {
            formatter.dateFormat = form
            if let date = formatter.date(from: text) { return date }
        }
        return nil
    }
}
