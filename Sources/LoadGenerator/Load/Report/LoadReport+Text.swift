extension LoadReport {
    /// For people.
    package var text: String {
        var lines: [String] = []
        for step in steps { lines += [""] + step.lines(steps.count > 1 ? "\(step.calls) calls" : nil) }
        if steps.count > 1 {
            lines += [
                "",
                "with every threshold met: " + (mostCalls.map { "\($0) calls" } ?? "none of these numbers of calls"),
            ]
        }
        if isCutShort { lines += ["", "The run was cut short."] }
        return lines.joined(separator: "\n")
    }
}

extension LoadStep {
    /// A table of the times, and lines of what was counted.
    fileprivate func lines(_ title: String?) -> [String] {
        var lines = title.map { ["\($0)"] } ?? []
        for group in groups {
            if groups.count > 1 { lines.append("\(group.name)") }
            lines += group.tally.lines
        }
        lines.append(generatorLine)
        if let server { lines += server.lines }
        lines += verdicts.map { verdict in
            let value = verdict.value.map { LoadText.number($0) } ?? "nothing was measured"
            return "\(verdict.isMet ? "met    " : "MISSED ") \(verdict.text)  (\(value))"
        }
        return lines
    }

    private var generatorLine: String {
        var line = "generator: \(LoadText.number(generator.cpuPercent)) % of a core"
        if let late = all.times[.generatorPacing]?.percentile(99) {
            line += ", its own frames late by \(LoadText.number(late)) ms at the 99th percentile"
            if late > 5 { line += ": it was too busy, and some of the times are its own" }
        }
        return line
    }
}

extension LoadTally {
    fileprivate var lines: [String] {
        let names = LatencyHistogram.percentiles.map { $0.name == "p999" ? "p99.9" : $0.name }
        var lines = [LoadText.row("ms", ["count"] + names + ["most"])]
        for measure in LoadMeasure.allCases where measure != .generatorPacing {
            guard let times = times[measure] else { continue }
            let values = LatencyHistogram.percentiles.map { times.percentile($0.value) } + [times.mostMs]
            lines.append(
                LoadText.row(measure.title, ["\(times.count)"] + values.map { $0.map(LoadText.number) ?? "" }))
        }
        let shown = LoadCount.allCases.filter { count($0) > 0 }.map {
            "\($0.rawValue.replacing("_", with: " ")) \(count($0))"
        }
        lines.append(shown.joined(separator: ", "))
        if let lossPercent { lines.append("loss \(LoadText.number(lossPercent)) %") }
        for (words, number) in reasons.sorted(by: { $0.value > $1.value }) { lines.append("  \(number) × \(words)") }
        return lines
    }
}

extension ServerFigures {
    fileprivate var lines: [String] {
        var lines = values.map { name, value in
            let words = name.replacing("_", with: " ").replacing("percent", with: "%")
            return "\(words): \(LoadText.number(value))"
        }
        lines += gauges.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
            "at most \($0) \(LoadText.number($1))"
        }
        lines += troubles.sorted { $0.key < $1.key }.map { "rose by \(LoadText.number($1)): \($0)" }
        return lines
    }
}

/// Numbers and rows as a terminal shows them.
enum LoadText {
    private static let titleWidth = 30
    private static let columnWidth = 9

    /// Three digits that mean something.
    static func number(_ value: Double) -> String {
        let size = abs(value)
        let factor = size >= 100 ? 1.0 : size >= 10 ? 10 : 100
        return ((value * factor).rounded() / factor).words
    }

    static func row(_ title: String, _ columns: [String]) -> String {
        let padding = String(repeating: " ", count: max(1, titleWidth - title.count))
        return title + padding
            + columns.map { String(repeating: " ", count: max(1, columnWidth - $0.count)) + $0 }.joined()
    }
}
