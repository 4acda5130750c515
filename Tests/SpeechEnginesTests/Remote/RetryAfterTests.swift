import Foundation
import Testing

@testable import SpeechEngines

@Suite("Retry-After") struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:30 GMT.
    private static let now = Date(timeIntervalSince1970: 784_111_770)

    @Test("Seconds are taken as they are, up to a day", arguments: [("0", 0), (" 7 ", 7), ("86400", 86_400)])
    func seconds(text: String, expected: Int) {
        #expect(RetryAfter.delay(text, date: nil, now: Self.now) == .seconds(expected))
    }

    @Test(
        "A date counts like the seconds until then, in each of its three forms",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        ])
    func date(text: String) {
        #expect(RetryAfter.delay(text, date: nil, now: Self.now) == .seconds(7))
    }

    @Test("A date is reckoned from the answer's own date, since the two clocks need not agree")
    func ownDate() {
        let delay = RetryAfter.delay(
            "Sun, 06 Nov 1994 08:49:37 GMT", date: "Sun, 06 Nov 1994 08:49:07 GMT", now: Self.now)
        #expect(delay == .seconds(30))
    }

    @Test("A date that has passed means now")
    func past() {
        #expect(RetryAfter.delay("Sun, 06 Nov 1994 08:49:00 GMT", date: nil, now: Self.now) == .zero)
    }

    @Test(
        "What is neither, or more than a day, is no word",
        arguments: ["", "-1", "86401", "1e3", "soon", "Sun, 06 Nov 2094 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT"])
    func neither(text: String) {
        #expect(RetryAfter.delay(text, date: nil, now: Self.now) == nil)
    }
}
