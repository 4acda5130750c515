/// What was seen of the server at one moment.
package struct ServerReading: Equatable, Sendable {
    /// Since the run's beginning.
    package var seconds: Double
    package var callsUp: Int
    /// CPU used since the server's start.
    package var cpuSeconds: Double?
    package var memoryBytes: Double?
    package var threads: Double?
    package var descriptors: Double?
    package var metrics = MetricsText()

    package init(seconds: Double, callsUp: Int) {
        self.seconds = seconds
        self.callsUp = callsUp
    }
}

/// Readings of one run, and what they come to.
package struct ServerReadings: Sendable {
    private static let troubleWords = [
        "drop", "timeout", "overrun", "error", "failed", "failure", "refused", "lost", "skipped", "late", "missed",
    ]

    package private(set) var all: [ServerReading] = []

    package init() {}

    package mutating func add(_ reading: ServerReading) { all.append(reading) }

    /// CPU between the last two readings, in per cent of a core.
    package var lastCPUPercent: Double? { all.count > 1 ? Self.percent(all[all.count - 2], all[all.count - 1]) : nil }

    /// - Parameters:
    ///   - steady: while all calls are up, in seconds since the run's beginning.
    ///   - end: when the last call was hung up.
    package func figures(steady: ClosedRange<Double>, end: Double) -> ServerFigures? {
        guard let first = all.first, let last = all.last else { return nil }
        var figures = ServerFigures()
        let during = all.filter { steady.contains($0.seconds) }
        if let from = during.first, let to = during.last {
            figures.cpuPercent = Self.percent(from, to)
            let callSeconds = Self.callSeconds(during)
            if let begin = from.cpuSeconds, let stop = to.cpuSeconds, callSeconds > 0 {
                figures.cpuMsPerCallSecond = (stop - begin) * 1_000 / callSeconds
            }
        }
        let quiet = all.filter { $0.seconds >= end + 1 }
        if let from = quiet.first, let to = quiet.last { figures.idleCPUPercent = Self.percent(from, to) }
        addMemory(&figures, first, last)
        figures.memoryGrowthPercent = growth(\.memoryBytes, in: steady)
        figures.descriptorsGrowthPercent = growth(\.descriptors, in: steady)
        figures.threads = all.compactMap(\.threads).max()
        figures.descriptorsBefore = first.descriptors
        figures.descriptorsMost = all.compactMap(\.descriptors).max()
        figures.descriptorsAfter = last.descriptors
        for reading in all { figures.gauges.merge(reading.metrics.gauges) { max($0, $1) } }
        for (name, value) in last.metrics.counters {
            let rise = value - (first.metrics.counters[name] ?? 0)
            if rise > 0, Self.troubleWords.contains(where: { name.contains($0) }) { figures.troubles[name] = rise }
        }
        return figures
    }

    private func addMemory(_ figures: inout ServerFigures, _ first: ServerReading, _ last: ServerReading) {
        let megabyte = 1_000_000.0
        figures.memoryBeforeMB = first.memoryBytes.map { $0 / megabyte }
        figures.memoryAfterMB = last.memoryBytes.map { $0 / megabyte }
        guard let most = all.compactMap(\.memoryBytes).max(), let before = first.memoryBytes else { return }
        figures.memoryMostMB = most / megabyte
        let calls = all.map(\.callsUp).max() ?? 0
        if calls > 0 { figures.memoryKBPerCall = (most - before) / Double(calls) / 1_000 }
    }

    private func growth(
        _ value: (ServerReading) -> Double?, in steady: ClosedRange<Double>
    ) -> Double? {
        let points = all.compactMap { reading in value(reading).map { (reading.seconds, $0) } }
        return SteadyGrowth.percent(points, in: steady)
    }

    private static func percent(_ from: ServerReading, _ to: ServerReading) -> Double? {
        guard let begin = from.cpuSeconds, let stop = to.cpuSeconds, to.seconds > from.seconds else { return nil }
        return (stop - begin) * 100 / (to.seconds - from.seconds)
    }

    /// Seconds of all calls together.
    private static func callSeconds(_ readings: [ServerReading]) -> Double {
        zip(readings, readings.dropFirst()).reduce(0) { sum, pair in
            sum + Double(pair.0.callsUp + pair.1.callsUp) / 2 * (pair.1.seconds - pair.0.seconds)
        }
    }
}

/// A page in Prometheus' text format, as far as a load looks at it.
package struct MetricsText: Equatable, Sendable {
    package private(set) var gauges: [String: Double] = [:]
    package private(set) var counters: [String: Double] = [:]

    package init() {}

    /// Lines that are not of the format are passed over.
    package init(_ text: String) {
        var kinds: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                if words.count == 4 { kinds[words[2]] = words[3] }
                continue
            }
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " "),
                let value = Double(line[line.index(after: space)...]), value.isFinite
            else { continue }
            let series = line[..<space]
            let name = series.prefix { $0 != "{" }
            switch kinds[name] {
            case "gauge": gauges[String(series)] = value
            case "counter": counters[String(series)] = value
            default: break
            }
        }
    }
}
