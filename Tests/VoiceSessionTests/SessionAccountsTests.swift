import Logging
import RealtimeProtocol
import SessionEngine
import Testing

@testable import VoiceSession

@Suite("Session accounts") struct SessionAccountsTests {
    private static let usage = Usage(
        input: Usage.Details(text: 100, audio: 50), cached: Usage.Details(text: 40),
        output: Usage.Details(text: 30, audio: 200))

    @Test("The line at the end of a session has its usage, its cost and the hosted service's")
    func priced() {
        let own = PriceTable(
            input: PriceTable.Rates(text: 1, audio: 2), cached: PriceTable.Rates(text: 0.5),
            output: PriceTable.Rates(text: 3, audio: 4), transcriptionMinute: 0.006)
        var accounts = SessionAccounts(
            prices: SessionPrices(
                own: own, hosted: PriceTable(input: .init(), cached: .init(), output: .init(audio: 64))),
            engine: "e")
        accounts.add(Self.usage)
        accounts.add(Self.usage)
        accounts.add(TranscriptionUsage.duration(seconds: 30))
        let line = accounts.metadata(.hangUp, duration: .seconds(61))
        #expect(line["reason"] == "hang_up" && line["seconds"] == "61" && line["responses"] == "2")
        #expect(line["tokens.input"] == "300" && line["tokens.cached"] == "80" && line["tokens.output"] == "460")
        #expect(line["tokens.audio"] == "500" && line["transcribed.seconds"] == "30.0")
        // Twice 60 fresh text, 50 audio, 40 cached, 30 text out and 200 audio out: 1,070 millionths; and half a minute.
        #expect(line["cost"] == "0.00514 USD")
        #expect(line["cost.hosted"] == "0.0256 USD")
    }

    @Test("Without prices nothing is said of cost")
    func unpriced() {
        var accounts = SessionAccounts(prices: SessionPrices(), engine: "e")
        accounts.add(Self.usage)
        let line = accounts.metadata(.clientLeft, duration: .zero)
        #expect(line["cost"] == nil && line["cost.hosted"] == nil)
    }
}
