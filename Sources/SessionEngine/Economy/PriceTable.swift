package import RealtimeProtocol

/// An amount of money in billionths of the price table's currency.
package struct Money: Equatable, Comparable, Sendable {
    package var nanos: Int64

    package init(nanos: Int64) { self.nanos = nanos }

    /// In whole units of the currency.
    package var amount: Double { Double(nanos) / 1e9 }

    package static func < (left: Money, right: Money) -> Bool { left.nanos < right.nanos }
    package static func + (left: Money, right: Money) -> Money { Money(nanos: left.nanos &+ right.nanos) }
}

/// What usage costs: prices per million tokens, as price lists state them (RT-190).
package struct PriceTable: Equatable, Sendable {
    /// Prices of one direction, per million tokens.
    package struct Rates: Equatable, Sendable {
        package var text: Double
        package var audio: Double
        package var image: Double

        package init(text: Double = 0, audio: Double = 0, image: Double = 0) {
            self.text = text
            self.audio = audio
            self.image = image
        }

        /// A price per million tokens is as many thousands of nanos per token.
        fileprivate func nanos(_ tokens: Usage.Details) -> Double {
            (text * Double(tokens.text) + audio * Double(tokens.audio) + image * Double(tokens.image)) * 1_000
        }
    }

    package var input: Rates
    /// Of the part of the input that came from a cache.
    package var cached: Rates
    package var output: Rates
    /// Per minute of transcribed audio.
    package var transcriptionMinute: Double

    package init(input: Rates, cached: Rates, output: Rates, transcriptionMinute: Double = 0) {
        self.input = input
        self.cached = cached
        self.output = output
        self.transcriptionMinute = transcriptionMinute
    }

    /// The cost of one response; what was cached is not charged as input too.
    package func cost(_ usage: Usage) -> Money {
        let fresh = Usage.Details(
            text: max(0, usage.input.text - usage.cached.text), audio: max(0, usage.input.audio - usage.cached.audio),
            image: max(0, usage.input.image - usage.cached.image))
        return Self.money(input.nanos(fresh) + cached.nanos(usage.cached) + output.nanos(usage.output))
    }

    /// The cost of one transcription.
    package func cost(_ usage: TranscriptionUsage) -> Money {
        switch usage {
        case .duration(let seconds): Self.money(transcriptionMinute * seconds / 60 * 1e9)
        case .tokens(let tokens, let written):
            Self.money(input.nanos(tokens) + output.nanos(Usage.Details(text: written)))
        }
    }

    private static func money(_ nanos: Double) -> Money {
        Money(nanos: Int64(exactly: nanos.rounded()) ?? (nanos > 0 ? .max : 0))
    }
}
