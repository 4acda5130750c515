import RealtimeProtocol
import SessionEngine
import Testing
import VoiceSession

@testable import GatewayServer

@Suite("Prices and limits of sessions")
struct PriceEntryTests {
    @Test("An entry is a model and prices; what is left out costs nothing")
    func entry() throws {
        let entry = try #require(PriceEntry("* text-in=4 audio-out=64.5 image-cached=0.5 minute=0.017"))
        #expect(entry.model == "*")
        #expect(entry.table.input == PriceTable.Rates(text: 4))
        #expect(entry.table.output == PriceTable.Rates(audio: 64.5))
        #expect(entry.table.cached == PriceTable.Rates(image: 0.5))
        #expect(entry.table.transcriptionMinute == 0.017)
    }

    @Test(
        "Anything else is no entry",
        arguments: [
            "", "*", "text-in=4", "* text-in", "* text-in=", "* text-in=x", "* text-in=-1", "* text-in=nan",
            "* text-in=inf", "* text-in=1 text-in=2", "* video-in=1", "* text-in=1=2",
        ])
    func wrong(text: String) {
        #expect(PriceEntry(text) == nil)
    }

    @Test("A model's own entry wins over that for all others")
    func byModel() throws {
        let prices = try GatewayConfiguration(arguments: [
            "--prices-own", "* text-in=1,big text-in=2", "--prices-hosted", "big text-in=3", "--prices-currency", "EUR",
        ]).prices
        #expect(prices.prices(of: "big").own?.input.text == 2)
        #expect(prices.prices(of: "small").own?.input.text == 1)
        #expect(prices.prices(of: "big").hosted?.input.text == 3)
        #expect(prices.prices(of: "small").hosted == nil)
        #expect(prices.prices(of: "small").currency == "EUR")
    }

    @Test("By default only the hosted price is told, sessions have no limit and no rate limit is sent")
    func defaults() throws {
        let configuration = try GatewayConfiguration()
        #expect(configuration.prices.prices(of: "any").own == nil)
        #expect(configuration.prices.prices(of: "any").hosted?.output.audio == 64)
        #expect(configuration.session.maxDuration == nil)
        #expect(configuration.session.maxCount == 0)
        #expect(configuration.session.rateLimit == nil)
    }

    @Test("Configured limits reach the sessions")
    func limits() throws {
        let session = try GatewayConfiguration(arguments: [
            "--session-max-duration-seconds", "3600", "--session-max-count", "7", "--session-tokens-per-minute", "1000",
        ]).session
        #expect(session.maxDuration == .seconds(3600))
        #expect(session.maxCount == 7)
        #expect(session.rateLimit == RateLimit(name: .tokens, limit: 1000, remaining: 1000, resetSeconds: 60))
    }

    @Test("The key of client secrets must be long, comes from a file too, and is never shown")
    func secretKey() throws {
        let directory = try TemporaryDirectory()
        let words = "0123456789abcdef0123456789abcdef"
        let file = try directory.file("key", words + "\nsecond line\n")
        #expect(try GatewayConfiguration(arguments: ["--auth-secret-key-file", file]).auth.secretKey == words)
        #expect(try GatewayConfiguration(arguments: ["--auth-secret-key", words]).auth.secretKey == words)
        #expect(try GatewayConfiguration().auth.secretKey == nil)
        for arguments in [
            ["--auth-secret-key", "short-words"],
            ["--auth-secret-key-file", try directory.file("short", "short-words")],
            ["--auth-secret-key-file", directory.path + "/none"],
        ] {
            #expect {
                try GatewayConfiguration(arguments: arguments)
            } throws: { error in
                "\(error)".hasPrefix(String(arguments[0].dropFirst(2)).replacing("auth-", with: "auth."))
                    && !"\(error)".contains("short-words")
            }
        }
    }
}
