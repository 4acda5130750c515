import LoadGenerator
import RealtimeProtocol
import Testing

@Suite("A load's report")
struct LoadReportTests {
    @Test("A threshold is met or missed by what was measured, and missed where nothing was")
    func thresholds() throws {
        let step = Self.step()
        let cases = [
            ("failed == 0", true), ("pacing_ms.p99 <= 10", true), ("pacing_ms.max < 5", false),
            ("loss_percent <= 1", true), ("honest.answered >= 3", true), ("other.answered >= 3", false),
            ("barge_in_stop_ms.p50 <= 1000", false), ("server_cpu_percent <= 80", false),
        ]
        for (text, isMet) in cases {
            let threshold = try LoadThreshold(text, groups: ["honest", "other"])
            #expect(LoadVerdict(threshold, in: step).isMet == isMet, "\(text)")
        }
        let nothing = LoadVerdict(try LoadThreshold("barge_in_stop_ms.p50 <= 1", groups: []), in: step)
        #expect(nothing.value == nil)
    }

    @Test("Of several steps the last that met everything is the most calls")
    func steps() throws {
        var report = LoadReport(name: "n", server: "s", model: nil, seconds: 1)
        for (calls, limit) in [(10, 100), (20, 100), (40, 1)] {
            var step = Self.step(calls: calls)
            step.verdicts = [LoadVerdict(try LoadThreshold("pacing_ms.p99 <= \(limit)", groups: []), in: step)]
            report.steps.append(step)
        }
        #expect(report.mostCalls == 20 && report.isPassed)
        #expect(report.text.contains("with every threshold met: 20 calls"))
        #expect(report.text.contains("MISSED  pacing_ms.p99 <= 1 "))
    }

    @Test("The JSON holds every count, every time that was measured, and what was missed")
    func json() throws {
        var report = LoadReport(name: "n", server: "s", model: nil, seconds: 1)
        report.steps = [Self.step()]
        guard case .object(let whole) = try JSONParser.parse(Array(report.json.utf8)),
            case .array(let steps)? = whole["steps"], case .object(let step)? = steps.first,
            case .object(let all)? = step["all"], case .object(let counts)? = all["counts"],
            case .object(let times)? = all["times"], case .object(let pacing)? = times["pacing_ms"]
        else {
            Issue.record("not of the form")
            return
        }
        #expect(counts.members.map(\.name) == LoadCount.allCases.map(\.rawValue))
        #expect(counts["answered"] == .integer(4) && counts["unanswered"] == .integer(0))
        #expect(times.members.map(\.name) == ["pacing_ms"])
        #expect(pacing.members.map(\.name) == ["count", "min", "mean", "p50", "p90", "p95", "p99", "p999", "max"])
    }

    @Test("The page needs nothing from elsewhere, draws what was measured, and cannot be broken by a name")
    func html() {
        var report = LoadReport(name: "<script>", server: "http://host", model: nil, seconds: 1)
        var step = Self.step()
        step.series = (0..<5).map {
            var point = LoadPoint(seconds: Double($0), callsUp: $0)
            point.speechToAudioMs = 900
            return point
        }
        report.steps = [step]
        let page = report.html
        #expect(page.contains("&lt;script&gt;") && !page.contains("<script"))
        #expect(!page.contains("src=") && !page.contains("href=") && !page.contains("@import"))
        // Pacing by percentile, calls and answers over time.
        #expect(page.components(separatedBy: "<polyline").count == 4)
    }

    /// 1 to 5 ms of pacing error, one group that has all of it.
    private static func step(calls: Int = 2) -> LoadStep {
        var tally = LoadTally()
        for ms in 1...5 { tally.note(.time(.pacing, .milliseconds(ms))) }
        tally.note(.count(.answered, 4))
        tally.note(.count(.packetsReceived, 100))
        return LoadStep(
            calls: calls, groups: [.init(name: "honest", tally: tally), .init(name: "other", tally: LoadTally())])
    }
}

extension String {
    fileprivate func components(separatedBy part: String) -> [Substring] {
        self.split(separator: part, omittingEmptySubsequences: false)
    }
}
