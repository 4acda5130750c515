import RealtimeProtocol

/// When a turn begins and ends, by one `turn_detection`.
struct TurnPolicy: Equatable, Sendable {
    enum Ending: Equatable, Sendable {
        /// `server_vad`: after so much silence.
        case silence(ms: Int)
        /// `semantic_vad`, with a turn detector behind it or without.
        case semantic(SemanticVAD.Eagerness, scored: Bool)
    }

    /// Lengths of a pause that `semantic_vad` judges it at: a long one says more. The first is the least it waits for a turn
    /// that sounds done.
    private static let judgedAtMs = [200, 400, 800, 1_600]
    /// So long before, the turn detector is asked, but for the first, so that its answer is there in time. What it takes to
    /// answer on two cores.
    private static let askedAheadMs = 96
    private static let semanticThreshold = 0.5
    private static let semanticPrefixMs = 300

    /// A window at or above it is speech.
    let threshold: Double
    let prefixPaddingMs: Int
    let ending: Ending

    init(_ detection: TurnDetection, scoresTurns: Bool) {
        switch detection {
        case .server(let vad):
            threshold = vad.threshold
            prefixPaddingMs = vad.prefixPaddingMs
            ending = .silence(ms: vad.silenceDurationMs)
        case .semantic(let vad):
            threshold = Self.semanticThreshold
            prefixPaddingMs = Self.semanticPrefixMs
            ending = .semantic(vad.eagerness, scored: scoresTurns)
        }
    }

    /// A window under it is silence: a little lower than the threshold, so that a voice near it does not flicker.
    var release: Double { max(threshold - 0.15, threshold / 2) }

    /// A window at or above it counts as the voice of somebody who interrupts: a higher bar than where nobody is cut off.
    /// Silero gives 0.85 to voices, hardly ever for long to coughs.
    var interruptionThreshold: Double { max(threshold, min(threshold + 0.35, 0.9)) }

    /// How often the turn detector is asked in a pause that has lasted so long, and what length of it the last question is
    /// about, in ms.
    func questions(until silenceMs: Int) -> (count: Int, judgedAtMs: Int) {
        guard case .semantic(_, scored: true) = ending else { return (0, 0) }
        let asked = Self.judgedAtMs.prefix { pauseMs in
            silenceMs >= (pauseMs == Self.judgedAtMs[0] ? pauseMs : pauseMs - Self.askedAheadMs)
        }
        return (asked.count, asked.last ?? 0)
    }

    /// Silence that ends the turn, in ms, by what the turn detector said of it; nil while it has not.
    func waitMs(score: Double?) -> Int {
        switch ending {
        case .silence(let ms): ms
        case .semantic(let eagerness, scored: false): eagerness.silenceMs
        case .semantic(let eagerness, scored: true): Self.waitMs(score: score, eagerness)
        }
    }

    /// The least for a turn that sounds done, the maximum for one in mid-sentence or not judged, a line between them.
    private static func waitMs(score: Double?, _ eagerness: SemanticVAD.Eagerness) -> Int {
        guard let score, score.isFinite, score > 0 else { return eagerness.maxWaitMs }
        let doubt = max(0, 1 - score / eagerness.completeScore)
        return judgedAtMs[0] + Int((Double(eagerness.maxWaitMs - judgedAtMs[0]) * doubt).rounded())
    }
}

extension SemanticVAD.Eagerness {
    /// The longest wait for somebody who seems to go on (RT-161).
    fileprivate var maxWaitMs: Int {
        switch self {
        case .low: 8_000
        case .medium, .auto: 4_000
        case .high: 2_000
        }
    }

    /// From this score on, a turn counts as done.
    fileprivate var completeScore: Double {
        switch self {
        case .low: 0.95
        case .medium, .auto: 0.8
        case .high: 0.6
        }
    }

    /// Without a turn detector: silence alone.
    fileprivate var silenceMs: Int {
        switch self {
        case .low: 1_600
        case .medium, .auto: 800
        case .high: 400
        }
    }
}
