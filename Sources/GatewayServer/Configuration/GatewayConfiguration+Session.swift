package import RealtimeProtocol
package import SessionEngine
package import VoiceSession

extension GatewayConfiguration {
    /// Limits of sessions.
    package struct Session: Sendable {
        /// Nil: none.
        package var maxDuration: Duration?
        /// At once; 0: no limit.
        package var maxCount: Int
        /// How long a session waits for a client that was lost; zero: not at all.
        package var resumeGrace: Duration
        /// Of sound that items of all sessions keep.
        package var audioMemoryBytes: Int
        /// Nil: clients are told nothing of limits.
        package var rateLimit: RateLimit?
        /// Empty: none.
        package var apology: String
        package var deadlines = StageDeadlines()

        init(_ values: inout ConfigurationValues) {
            let seconds = values.integer("session.max-duration-seconds")
            maxDuration = seconds == 0 ? nil : .seconds(seconds)
            resumeGrace = .seconds(values.integer("session.resume-seconds"))
            audioMemoryBytes = values.integer("session.audio-memory-mib") << 20
            maxCount = values.integer("session.max-count")
            apology = values.text("session.apology") ?? ""
            deadlines.recogniser = .seconds(values.integer("session.recogniser-deadline-seconds"))
            deadlines.firstToken = .seconds(values.integer("session.first-token-deadline-seconds"))
            deadlines.betweenTokens = .seconds(values.integer("session.next-token-deadline-seconds"))
            deadlines.voice = .seconds(values.integer("session.voice-deadline-seconds"))
            let tokens = values.integer("session.tokens-per-minute")
            rateLimit = tokens == 0 ? nil : RateLimit(name: .tokens, limit: tokens, remaining: tokens, resetSeconds: 60)
        }
    }

    /// What usage costs, by model.
    package struct Prices: Sendable {
        package var own: [PriceEntry]
        package var hosted: [PriceEntry]
        package var currency: String

        init(_ values: inout ConfigurationValues) {
            own = values.list("prices.own").compactMap(PriceEntry.init)
            hosted = values.list("prices.hosted").compactMap(PriceEntry.init)
            currency = values.text("prices.currency") ?? ""
        }

        /// Of a model by its client's name for it.
        package func prices(of model: String) -> SessionPrices {
            SessionPrices(own: own.table(of: model), hosted: hosted.table(of: model), currency: currency)
        }
    }
}

extension GatewayConfiguration.Prices {
    /// For a client: as configured, by model; `*` stands for all others.
    var json: JSONObject {
        JSONObject([("currency", .string(currency)), ("own", .object(own.json)), ("hosted", .object(hosted.json))])
    }
}

extension [PriceEntry] {
    /// Of two entries of one model the first counts.
    fileprivate var json: JSONObject {
        JSONObject(reversed().map { ($0.model, .object($0.table.json)) })
    }

    fileprivate func table(of model: String) -> PriceTable? {
        (first { $0.model == model } ?? first { $0.model == PriceEntry.others })?.table
    }
}

extension PriceTable {
    /// Per million tokens, and per minute; what costs nothing is left out.
    fileprivate var json: JSONObject {
        let prices = [
            ("text_in", input.text), ("text_cached", cached.text), ("text_out", output.text),
            ("audio_in", input.audio), ("audio_cached", cached.audio), ("audio_out", output.audio),
            ("image_in", input.image), ("image_cached", cached.image), ("image_out", output.image),
            ("minute", transcriptionMinute),
        ]
        return JSONObject(prices.filter { $0.1 > 0 }.map { ($0.0, .number($0.1)) })
    }
}
