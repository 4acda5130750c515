/// The figures that thresholds may name.
enum LoadFigures {
    private static let statistics = LatencyHistogram.percentiles.map(\.name) + ["max", "min", "mean", "count"]
    private static let server = ServerFigures.names
    private static let loss = "loss_percent"
    private static let answerGrowth = "speech_to_audio_growth_percent"

    /// For people who have written another.
    static var allNames: String {
        let measures = LoadMeasure.allCases.map(\.rawValue).joined(separator: ", ")
        let counts = LoadCount.allCases.map(\.rawValue).joined(separator: ", ")
        return
            "\(measures), each with .\(statistics.joined(separator: ", .")); \(counts), \(loss), \(answerGrowth); and of the server "
            + server.joined(separator: ", ")
    }

    static func isName(_ name: String) -> Bool {
        if name == loss || name == answerGrowth || LoadCount(rawValue: name) != nil || server.contains(name) {
            return true
        }
        guard let (_, statistic) = split(name) else { return false }
        return statistics.contains(statistic)
    }

    /// Nil where nothing was measured.
    static func value(of name: String, in step: LoadStep, group: String?) -> Double? {
        let tally = step.tally(of: group)
        if name == loss { return tally.lossPercent }
        if name == answerGrowth { return step.answerGrowthPercent }
        if let count = LoadCount(rawValue: name) { return Double(tally.count(count)) }
        if server.contains(name) { return step.server?.value(name) }
        guard let (measure, statistic) = split(name) else { return nil }
        let histogram = tally.times[measure] ?? LatencyHistogram()
        switch statistic {
        case "max": return histogram.mostMs
        case "min": return histogram.leastMs
        case "mean": return histogram.meanMs
        case "count": return Double(histogram.count)
        default:
            return LatencyHistogram.percentiles.first { $0.name == statistic }.flatMap {
                histogram.percentile($0.value)
            }
        }
    }

    private static func split(_ name: String) -> (LoadMeasure, String)? {
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count == 2, let measure = LoadMeasure(rawValue: parts[0]) else { return nil }
        return (measure, parts[1])
    }
}
