import LoadGenerator
import Testing

@Suite("Statistics of a load")
struct LoadStatisticsTests {
    private let start = ContinuousClock.now

    @Test("A stall stands for the questions that nobody could ask meanwhile (coordinated omission)")
    func omission() throws {
        var (plain, corrected) = (LatencyHistogram(), LatencyHistogram())
        for time in Array(repeating: Duration.milliseconds(10), count: 99) + [.seconds(10)] {
            plain.record(time)
            corrected.record(time, every: .milliseconds(100))
        }
        #expect(plain.count == 100)
        // 10 s every 100 ms: as many as the good ones, from 10 s down to 100 ms.
        #expect(corrected.count == 199)
        let (hidden, seen) = (try #require(plain.percentile(90)), try #require(corrected.percentile(90)))
        #expect(abs(hidden - 10) < 0.1)
        #expect(seen > 7_900 && seen < 8_300)
        #expect(plain.mostMs.map { Int(($0 / 100).rounded()) } == 100)
    }

    @Test("Histograms add up; times below zero are zero, and what is too long is the longest")
    func adding() {
        var (one, other) = (LatencyHistogram(), LatencyHistogram())
        one.record(.milliseconds(-5))
        other.record(.seconds(100_000))
        one.add(other)
        one.add(LatencyHistogram())
        #expect(one.count == 2 && one.leastMs == 0)
        #expect(one.mostMs.map { $0 > 3_500_000 } == true)
        #expect(LatencyHistogram().percentile(50) == nil)
    }

    @Test("Packets on an absolute schedule have no error, and one that is late by 7 ms has 7 ms")
    func pacing() {
        var meter = PacingMeter(clockRate: 48_000)
        for frame in 0..<100 {
            let late: Duration = frame == 50 ? .milliseconds(7) : .zero
            meter.receive(timestamp: Int64(frame) * 960, now: start + .milliseconds(20 * frame) + late)
        }
        let errors = meter.take(isLast: true)
        #expect(errors.count == 100)
        #expect(errors.filter { $0 > .zero } == [.milliseconds(7)])
        #expect(meter.take(isLast: true).isEmpty)
    }

    @Test("The first packet may be the late one: the earliest is on time")
    func lateFirst() {
        var meter = PacingMeter(clockRate: 48_000)
        meter.receive(timestamp: 0, now: start + .milliseconds(30))
        meter.receive(timestamp: 960, now: start + .milliseconds(20))
        #expect(meter.take(isLast: true) == [.milliseconds(30), .zero])
    }

    @Test("Silence is no error, and neither is a clock that begins anew")
    func silence() {
        var meter = PacingMeter(clockRate: 48_000)
        meter.receive(timestamp: 0, now: start)
        // Five seconds of silence, in which the timestamps went on.
        meter.receive(timestamp: 5 * 48_000, now: start + .seconds(5))
        // A source whose timestamps stood still.
        meter.receive(timestamp: 5 * 48_000 + 960, now: start + .seconds(9))
        #expect(meter.take(isLast: true) == [.zero, .zero, .zero])
    }

    @Test("The gauges' most and the rise of what went wrong are read from Prometheus text")
    func metrics() throws {
        let page = """
            # HELP depth how many wait
            # TYPE gateway_queue_items gauge
            gateway_queue_items{lane="voice"} 3
            # TYPE gateway_drops_total counter
            gateway_drops_total 5
            # TYPE gateway_calls_total counter
            gateway_calls_total 9
            junk
            gateway_queue_items{lane="voice"} NaN
            """
        var readings = ServerReadings()
        for (seconds, text) in [(0.0, page.replacing("total 5", with: "total 2")), (1, page)] {
            var reading = ServerReading(seconds: seconds, callsUp: 4)
            reading.metrics = MetricsText(text)
            reading.cpuSeconds = seconds * 0.5
            reading.memoryBytes = 100_000_000 + seconds * 8_000_000
            readings.add(reading)
        }
        let figures = try #require(readings.figures(steady: 0...1, end: 1))
        #expect(figures.gauges == ["gateway_queue_items{lane=\"voice\"}": 3])
        #expect(figures.troubles == ["gateway_drops_total": 3])
        #expect(figures.cpuPercent == 50 && figures.cpuMsPerCallSecond == 125)
        #expect(figures.memoryKBPerCall == 2_000)
        #expect(figures.idleCPUPercent == nil)
    }

    @Test(
        "What grows is told from what is filled and then stays, by the last two quarters of the time that all are up",
        arguments: [
            // Rises for half the time, then stays; rises all the time; falls at the end.
            ([0, 10, 20, 30, 40, 40, 40, 40], 0), ([10, 20, 30, 40, 50, 60, 70, 80], 36.4),
            ([40, 40, 40, 40, 40, 40, 30, 30], -25),
        ] as [([Double], Double)])
    func growth(values: [Double], percent: Double) throws {
        var readings = ServerReadings()
        var step = LoadStep(calls: 1, groups: [])
        step.steady = 5...13
        // What is read before and after is of the ramp and of the hang-up.
        for (second, value) in ([1, 1, 1, 1, 1] + values + [1, 1]).enumerated() {
            var reading = ServerReading(seconds: Double(second), callsUp: 1)
            (reading.memoryBytes, reading.descriptors) = (value, 5)
            readings.add(reading)
            var point = LoadPoint(seconds: Double(second), callsUp: 1)
            point.speechToAudioMs = value
            step.series.append(point)
        }
        let figures = try #require(readings.figures(steady: 5...13, end: 13))
        let (memory, answers) = (try #require(figures.memoryGrowthPercent), try #require(step.answerGrowthPercent))
        #expect(abs(memory - percent) < 0.05 && abs(answers - percent) < 0.05)
        #expect(figures.descriptorsGrowthPercent == 0)
        step.server = figures
        let threshold = try LoadThreshold("speech_to_audio_growth_percent <= 30", groups: [])
        #expect(LoadVerdict(threshold, in: step).isMet == (percent <= 30))
    }

    @Test("Without a second of answers in one of the quarters nothing is said of growth")
    func noGrowth() {
        #expect(SteadyGrowth.percent([(6, 1), (7, 1)], in: 0...8) == nil)
        #expect(SteadyGrowth.percent([(4, 0), (7, 1)], in: 0...8) == nil)
        #expect(SteadyGrowth.percent([], in: 3...3) == nil)
    }
}
