package import Foundation
package import PeerTransport

/// Puts a scenario's load on a server, and reports.
package struct LoadRun: Sendable {
    /// Until the first call, so that all that begin at once are made ready.
    private static let lead = Duration.milliseconds(200)
    private static let second = Duration.seconds(1)
    /// Calls are hung up within this time.
    private static let stopLimit = 5.0

    let scenario: LoadScenario
    let server: LoadServer
    let endpoint: PeerEndpoint
    let watch: ServerWatch
    let folder: URL

    /// - Parameters:
    ///   - folder: where recordings lie whose names are relative.
    ///   - endpoint: makes the WebRTC peers.
    package init(
        _ scenario: LoadScenario, server: LoadServer, endpoint: PeerEndpoint, watch: ServerWatch, folder: URL
    ) {
        self.scenario = scenario
        self.server = server
        self.endpoint = endpoint
        self.watch = watch
        self.folder = folder
    }

    /// Runs every step, until one does not meet the thresholds. Cancelled, it hangs up its calls and reports what there was.
    ///
    /// - Parameter progress: is told once a second, and of each step's end.
    package func run(progress: @escaping @Sendable (LoadProgress) -> Void) async throws -> LoadReport {
        try await watch.check()
        var report = LoadReport(
            name: scenario.name, server: server.address, model: scenario.model, seconds: scenario.seconds)
        let sizes = scenario.groups.count == 1 ? scenario.groups[0].calls : [0]
        for size in sizes {
            let step = try await step(size, progress: progress)
            report.steps.append(step)
            report.isCutShort = Task.isCancelled
            progress(.stepEnded(step, of: sizes.count))
            if !step.isPassed || Task.isCancelled { break }
        }
        return report
    }

    /// - Parameter size: calls of the one group; with several groups each has its own number.
    private func step(_ size: Int, progress: @escaping @Sendable (LoadProgress) -> Void) async throws -> LoadStep {
        let plans = try scenario.groups.map { try LoadPlan($0, seed: scenario.seed, folder: folder) }
        let own = ProcessProbe()
        let (cpuBefore, skippedBefore) = (own.cpuSeconds, endpoint.tickOverruns)
        let gauge = LoadGauge()
        let origin = ContinuousClock.now + Self.lead
        let schedules = plans.map { plan in
            CallSchedule(plan.group, calls: size > 0 ? size : plan.group.calls[0], seconds: scenario.seconds)
        }
        let end = schedules.flatMap(\.slots).map(\.end).max() ?? scenario.seconds
        let watching = Task { await follow(plans, gauge, origin: origin, end: end, progress: progress) }
        await withTaskGroup { group in
            for (plan, schedule) in zip(plans, schedules) {
                let call = server.caller(plan, model: scenario.model, endpoint, gauge)
                for (index, slot) in schedule.slots.enumerated() {
                    let (begin, end) = (origin + .seconds(slot.begin), origin + .seconds(slot.end))
                    group.addTask { await call(index, slot.talks, begin, end) }
                }
            }
        }
        if Task.isCancelled { watching.cancel() }
        let (readings, series) = await watching.value
        let calls = size > 0 ? size : schedules.map(\.slots.count).reduce(0, +)
        var step = LoadStep(
            calls: calls, groups: plans.map { LoadStep.Group(name: $0.group.name, tally: $0.result) })
        step.series = series
        let elapsed = origin.duration(to: .now) / .seconds(1)
        step.generator.cpuPercent = (own.cpuSeconds - cpuBefore) * 100 / max(elapsed, 0.001)
        step.generator.skippedFrames = endpoint.tickOverruns - skippedBefore
        step.steady = steady
        step.server = readings.figures(steady: steady, end: min(end, elapsed))
        step.verdicts = scenario.thresholds.map { LoadVerdict($0, in: step) }
        return step
    }

    /// While all calls are up; where calls come and go, the whole time.
    private var steady: ClosedRange<Double> {
        let ramp = scenario.groups.filter { $0.churn == nil }.map(\.rampSeconds).max() ?? 0
        let begin = min(ramp + 1, scenario.seconds / 2)
        return begin...max(begin, scenario.seconds)
    }

    /// Watches once a second until the run and its quiet are over.
    private func follow(
        _ plans: [LoadPlan], _ gauge: LoadGauge, origin: ContinuousClock.Instant, end: Double,
        progress: @Sendable (LoadProgress) -> Void
    ) async -> (ServerReadings, [LoadPoint]) {
        var readings = ServerReadings()
        var series: [LoadPoint] = []
        var due = origin
        while await sleep(until: due) {
            let seconds = origin.duration(to: .now) / .seconds(1)
            var point = LoadPoint(seconds: seconds, callsUp: gauge.up)
            if watch.isOn {
                let reading = await watch.reading(seconds: seconds, callsUp: point.callsUp)
                readings.add(reading)
                point.serverCPUPercent = readings.lastCPUPercent
                point.serverMegabytes = reading.memoryBytes.map { $0 / 1_000_000 }
            }
            point.add(plans.map(\.result))
            point.add(plans.map { $0.takeAnswers() })
            series.append(point)
            progress(.second(point, of: end))
            let isQuiet = gauge.up == 0 || seconds >= end + Self.stopLimit
            if seconds >= end, isQuiet, seconds >= end + scenario.settleSeconds { break }
            due += Self.second
        }
        return (readings, series)
    }
}

/// How far a load is.
package enum LoadProgress: Sendable {
    /// A second has passed; `of` is when the last call is hung up.
    case second(LoadPoint, of: Double)
    case stepEnded(LoadStep, of: Int)
}

extension LoadPoint {
    fileprivate mutating func add(_ tallies: [LoadTally]) {
        for tally in tallies {
            connected += tally.count(.connected)
            refused += tally.count(.refused)
            failed += tally.count(.failed) + tally.count(.dropped)
            answered += tally.count(.answered)
        }
    }

    fileprivate mutating func add(_ answers: [LatencyHistogram]) {
        var all = LatencyHistogram()
        for times in answers { all.add(times) }
        speechToAudioMs = all.percentile(50)
        speechToAudioMostMs = all.mostMs
    }
}
