/// What a load has shown.
package struct LoadReport: Sendable {
    package var name: String
    package var server: String
    package var model: String?
    package var seconds: Double
    /// One for each number of calls.
    package var steps: [LoadStep] = []
    /// The run was stopped before its time: the last step is what there was until then.
    package var isCutShort = false

    package init(name: String, server: String, model: String?, seconds: Double) {
        self.name = name
        self.server = server
        self.model = model
        self.seconds = seconds
    }

    /// Whether every threshold was met: of several steps by the first, and by as many more as it went well.
    package var isPassed: Bool { steps.first?.isPassed ?? false }

    /// The most calls with which every threshold was met, where there are several steps and thresholds.
    package var mostCalls: Int? {
        guard steps.count > 1 else { return nil }
        return steps.last { $0.isPassed }?.calls
    }

    /// Whether any call came up at all.
    package var reachedServer: Bool { steps.contains { $0.all.count(.connected) > 0 } }
}

/// One run with one number of calls.
package struct LoadStep: Sendable {
    package struct Group: Sendable {
        package var name: String
        package var tally: LoadTally

        package init(name: String, tally: LoadTally) {
            self.name = name
            self.tally = tally
        }
    }

    package var calls: Int
    package var groups: [Group]
    package var all: LoadTally
    package var generator = GeneratorFigures()
    /// Nil where neither a process id nor a metrics address was given.
    package var server: ServerFigures?
    package var series: [LoadPoint] = []
    /// While all calls were up, in seconds since the run's beginning.
    package var steady: ClosedRange<Double>?
    package var verdicts: [LoadVerdict] = []

    package init(calls: Int, groups: [Group]) {
        self.calls = calls
        self.groups = groups
        all = groups.reduce(into: LoadTally()) { $0.add($1.tally) }
    }

    package var isPassed: Bool { verdicts.allSatisfy(\.isMet) }

    /// Whether answers came later and later (`SteadyGrowth` of each second's median).
    package var answerGrowthPercent: Double? {
        steady.flatMap { steady in
            let points = series.compactMap { point in point.speechToAudioMs.map { (point.seconds, $0) } }
            return SteadyGrowth.percent(points, in: steady)
        }
    }

    /// Of one group, or of all.
    func tally(of group: String?) -> LoadTally {
        group.flatMap { name in groups.first { $0.name == name }?.tally } ?? all
    }
}

/// What the generator itself took.
package struct GeneratorFigures: Equatable, Sendable {
    /// Of one core.
    package var cpuPercent = 0.0
    /// Frames that its media loops skipped.
    package var skippedFrames = 0

    package init() {}
}

/// One second of a run.
package struct LoadPoint: Equatable, Sendable {
    /// Since the run's beginning.
    package var seconds: Double
    package var callsUp: Int
    package var connected: Int
    package var refused: Int
    package var failed: Int
    package var answered: Int
    /// Of one core, of the server's process; nil where nobody watches it.
    package var serverCPUPercent: Double?
    package var serverMegabytes: Double?
    /// From the end of speech to the first audio, of what was answered in this second, the median and the most; nil without any.
    package var speechToAudioMs: Double?
    package var speechToAudioMostMs: Double?

    package init(seconds: Double, callsUp: Int) {
        self.seconds = seconds
        self.callsUp = callsUp
        (connected, refused, failed, answered) = (0, 0, 0, 0)
    }
}

/// Whether one threshold was met.
package struct LoadVerdict: Equatable, Sendable {
    package var text: String
    /// Nil: nothing was measured, and so nothing shown.
    package var value: Double?
    package var isMet: Bool

    package init(_ threshold: LoadThreshold, in step: LoadStep) {
        text = threshold.text
        value = LoadFigures.value(of: threshold.name, in: step, group: threshold.group)
        isMet = value.map { threshold.relation.holds($0, threshold.limit) } ?? false
    }
}
