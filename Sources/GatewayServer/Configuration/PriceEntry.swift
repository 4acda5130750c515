package import SessionEngine

/// One line of a price list: a model's name, or `*` for all others, and prices per million tokens, as in
/// `* text-in=4 audio-in=32 audio-out=64 minute=0.017`. What is left out costs nothing.
package struct PriceEntry: Equatable, Sendable {
    static let others = "*"

    package var model: String
    package var table: PriceTable

    /// Nil for an unknown or repeated name, or a price that is no number of at least 0.
    init?(_ text: String) {
        var words = text.split(separator: " ", omittingEmptySubsequences: true)
        guard let model = words.first, !model.contains("=") else { return nil }
        words.removeFirst()
        var prices: [Substring: Double] = [:]
        for word in words {
            let pair = word.split(separator: "=", omittingEmptySubsequences: false)
            guard pair.count == 2, Self.names.contains(pair[0]), prices[pair[0]] == nil,
                let price = Double(pair[1]), price >= 0, price <= Self.maxPrice
            else { return nil }
            prices[pair[0]] = price
        }
        guard !prices.isEmpty else { return nil }
        self.model = String(model)
        table = PriceTable(
            input: Self.rates(prices, "in"), cached: Self.rates(prices, "cached"), output: Self.rates(prices, "out"),
            transcriptionMinute: prices["minute"] ?? 0)
    }

    private static let maxPrice = 1e9
    static let names: Set<Substring> = [
        "text-in", "text-cached", "text-out", "audio-in", "audio-cached", "audio-out", "image-in", "image-cached",
        "minute",
    ]

    private static func rates(_ prices: [Substring: Double], _ direction: String) -> PriceTable.Rates {
        PriceTable.Rates(
            text: prices["text-\(direction)"] ?? 0, audio: prices["audio-\(direction)"] ?? 0,
            image: prices["image-\(direction)"] ?? 0)
    }
}
