extension LoadReport {
    /// One page that needs nothing else: tables, and plots as inline SVG.
    package var html: String {
        let steps = steps.map { $0.html(title: self.steps.count > 1 ? "\($0.calls) calls" : "") }.joined(
            separator: "\n")
        let heading = "\(name): \(server)\(model.map { ", \($0)" } ?? "")"
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(heading.escaped)</title>
            <style>
            :root { color-scheme: light dark; --line: #2a6fdb; --second: #c2571a; --soft: #8886; }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; margin: .5rem 0 1rem; }
            th, td { padding: .15rem .6rem; text-align: right; border-bottom: 1px solid var(--soft); }
            th:first-child, td:first-child { text-align: left; }
            svg { display: block; margin: .5rem 0 1rem; max-width: 100%; }
            svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
            .missed { color: #c2261a; font-weight: 600; }
            </style></head><body>
            <h1>\(heading.escaped)</h1>
            <p>\(isPassed ? "Every threshold was met." : "<span class=\"missed\">Not every threshold was met.</span>")\(mostCallsWords)\(isCutShort ? " The run was cut short." : "")</p>
            \(steps)
            </body></html>
            """
    }

    private var mostCallsWords: String {
        guard steps.count > 1 else { return "" }
        return " The most calls with all of them met: \(mostCalls.map(String.init) ?? "none of these numbers")."
    }
}

extension LoadStep {
    fileprivate func html(title: String) -> String {
        var parts = title.isEmpty ? [] : ["<h2>\(title.escaped)</h2>"]
        if !verdicts.isEmpty { parts.append(verdictTable) }
        for group in groups {
            if groups.count > 1 { parts.append("<h3>\(group.name.escaped)</h3>") }
            parts += [group.tally.timeTable, group.tally.countTable, group.tally.reasonTable, group.tally.curves]
        }
        parts.append(plots)
        if let server { parts.append(server.table) }
        parts.append(
            "<p>The generator used \(LoadText.number(generator.cpuPercent)) % of a core and skipped "
                + "\(generator.skippedFrames) frames.</p>")
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var verdictTable: String {
        HTMLTable.make(
            ["threshold", "measured", ""],
            verdicts.map { verdict in
                [
                    verdict.text, verdict.value.map(LoadText.number) ?? "nothing was measured",
                    verdict.isMet ? "met" : "MISSED",
                ]
            })
    }

    private var plots: String {
        let calls = LinePlot(
            title: "Calls up", x: "s", y: "calls",
            lines: [.init(name: "", points: series.map { ($0.seconds, Double($0.callsUp)) })])
        let cpu = LinePlot(
            title: "CPU of the server", x: "s", y: "% of a core",
            lines: [
                .init(
                    name: "", points: series.compactMap { point in point.serverCPUPercent.map { (point.seconds, $0) } })
            ])
        let memory = LinePlot(
            title: "Memory of the server", x: "s", y: "MB",
            lines: [
                .init(
                    name: "", points: series.compactMap { point in point.serverMegabytes.map { (point.seconds, $0) } })
            ])
        let answers = LinePlot(
            title: "End of speech to first audio, of each second's answers", x: "s", y: "ms",
            lines: [
                .init(
                    name: "median",
                    points: series.compactMap { point in point.speechToAudioMs.map { (point.seconds, $0) } }),
                .init(
                    name: "most",
                    points: series.compactMap { point in point.speechToAudioMostMs.map { (point.seconds, $0) } }),
            ])
        return [calls, cpu, memory, answers].compactMap(\.svg).joined(separator: "\n")
    }
}

extension LoadTally {
    fileprivate var timeTable: String {
        let names = LatencyHistogram.percentiles.map(\.name)
        let rows = LoadMeasure.allCases.compactMap { measure in
            times[measure].map { times in
                let values = LatencyHistogram.percentiles.map { times.percentile($0.value) } + [times.mostMs]
                return [measure.title, "\(times.count)"] + values.map { $0.map(LoadText.number) ?? "" }
            }
        }
        return rows.isEmpty ? "" : HTMLTable.make(["ms", "count"] + names + ["most"], rows)
    }

    fileprivate var countTable: String {
        var rows = LoadCount.allCases.filter { count($0) > 0 }.map {
            [$0.rawValue.replacing("_", with: " "), "\(count($0))"]
        }
        if let lossPercent { rows.append(["loss, %", LoadText.number(lossPercent)]) }
        return HTMLTable.make(["counted", ""], rows)
    }

    fileprivate var reasonTable: String {
        guard !reasons.isEmpty else { return "" }
        return HTMLTable.make(
            ["what went wrong", ""], reasons.sorted { $0.value > $1.value }.map { [$0.key, "\($0.value)"] })
    }

    /// Each time by its percentile, on the scale of HdrHistogram's plots: one nine after the other.
    fileprivate var curves: String {
        let shares = [0, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99]
        func line(_ measure: LoadMeasure) -> LinePlot.Line? {
            guard let times = times[measure], times.count > 1 else { return nil }
            let reached = shares.filter { (100 - $0) / 100 * Double(times.count) >= 1 || $0 <= 50 }
            return LinePlot.Line(
                name: measure.title,
                points: reached.compactMap { share in
                    times.percentile(share).map { (LinePlot.nines(share), $0) }
                })
        }
        let pairs: [[LoadMeasure]] = [
            [.postToAnswer, .postToFirstRTP], [.speechToAudio, .bargeInStop], [.pacing, .generatorPacing],
        ]
        return pairs.map { pair in
            LinePlot(
                title: pair.map(\.title).joined(separator: "; "), x: "percentile", y: "ms",
                lines: pair.compactMap(line), hasNines: true)
        }.compactMap(\.svg).joined(separator: "\n")
    }
}

extension ServerFigures {
    fileprivate var table: String {
        let own = values.map { [$0.name.replacing("_", with: " "), LoadText.number($0.value)] }
        let most = gauges.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
            ["at most: \($0)", LoadText.number($1)]
        }
        let rises = troubles.sorted { $0.key < $1.key }.map { ["rose by: \($0)", LoadText.number($1)] }
        return HTMLTable.make(["the server", ""], own + most + rises)
    }
}

/// A table whose cells are text.
enum HTMLTable {
    static func make(_ head: [String], _ rows: [[String]]) -> String {
        let heading = head.map { "<th>\($0.escaped)</th>" }.joined()
        let body = rows.map { row in
            "<tr>" + row.map { $0 == "MISSED" ? "<td class=\"missed\">MISSED</td>" : "<td>\($0.escaped)</td>" }.joined()
                + "</tr>"
        }
        return "<table><tr>\(heading)</tr>\n\(body.joined(separator: "\n"))</table>"
    }
}

extension String {
    /// As HTML and SVG want text.
    var escaped: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
