import RealtimeProtocol
import Testing

@testable import SessionEngine

@Suite("Tokens, limits and money")
struct EconomyTests {
    @Test("Audio is counted at 10 tokens a second of the user's and 20 of the assistant's")
    func audio() {
        var meter = ResponseMeter()
        meter.start(textTokens: 12, userAudioMs: 5_850, assistantAudioMs: 7_300)
        meter.say(.text("eight by"))
        let usage = meter.usage(samples: 7_300 * 24)
        #expect(usage.input == Usage.Details(text: 12, audio: 58 + 146))
        #expect(usage.output == Usage.Details(text: 2, audio: 146))
    }

    @Test("The model's own count of text wins, and what was cached is part of what went in")
    func modelCounts() {
        var meter = ResponseMeter()
        meter.start(textTokens: 12, userAudioMs: 0, assistantAudioMs: 0)
        meter.count(ModelUsage(inputTokens: 30, cachedTokens: 90, outputTokens: -1))
        let usage = meter.usage(samples: 0)
        #expect(usage.input.text == 30)
        #expect(usage.cached.text == 30)
        #expect(usage.output.text == 0)
    }

    @Test("Prices are per million tokens, and cached input is not charged twice")
    func prices() {
        let table = PriceTable(
            input: .init(text: 4, audio: 32, image: 5), cached: .init(text: 0.4, audio: 0.4, image: 0.5),
            output: .init(text: 24, audio: 64), transcriptionMinute: 0.017)
        let usage = Usage(
            input: .init(text: 1_000, audio: 100), cached: .init(text: 400), output: .init(text: 50, audio: 200))
        // 600 × 4 + 400 × 0.4 + 100 × 32 + 50 × 24 + 200 × 64 millionths.
        #expect(table.cost(usage) == Money(nanos: 19_760_000))
        #expect(table.cost(.duration(seconds: 30)) == Money(nanos: 8_500_000))
    }

    @Test("A price nobody can pay is a large amount, not a crash", arguments: [Double.infinity, .nan, 1e300])
    func absurdPrices(_ price: Double) {
        let table = PriceTable(input: .init(text: price), cached: .init(), output: .init())
        _ = table.cost(Usage(input: .init(text: .max)))
    }

    @Test(
        "The oldest items go until the rest fits; the newest stays",
        arguments: [
            (Truncation.auto, 100, 0), (.auto, 99, 1), (.auto, 60, 2), (.auto, 5, 3),
            (.retention(ratio: 0.5, postInstructions: nil), 99, 3),
            (.retention(ratio: 0.8, postInstructions: 70), 100, 2),
            (.retention(ratio: .nan, postInstructions: nil), 99, 1),
        ])
    func truncation(_ truncation: Truncation, _ room: Int, _ dropped: Int) {
        let verdict = ContextTruncation.verdict(sizes: [20, 30, 20, 30], fixed: 50, window: room + 50, truncation)
        #expect(verdict == .drop(dropped))
    }

    @Test("With truncation disabled, what does not fit is too long")
    func disabled() {
        #expect(ContextTruncation.verdict(sizes: [20, 30], fixed: 50, window: 100, .disabled) == .drop(0))
        #expect(
            ContextTruncation.verdict(sizes: [21, 30], fixed: 50, window: 100, .disabled)
                == .tooLong(tokens: 101, limit: 100))
    }

    @Test("A rate limit refills evenly and never goes below nothing")
    func rate() {
        let start = ContinuousClock.now
        let limit = RateLimit(name: .tokens, limit: 600, remaining: 0, resetSeconds: 60)
        var meter = RateMeter(limit, now: start)
        #expect(meter.take(Usage(input: .init(text: 400)), now: start).remaining == 200)
        #expect(meter.take(Usage(output: .init(text: 100)), now: start + .seconds(30)).remaining == 400)
        let empty = meter.take(Usage(output: .init(audio: 5_000)), now: start + .seconds(30))
        #expect(empty.remaining == 0)
        #expect(empty.resetSeconds == 60)
    }
}
