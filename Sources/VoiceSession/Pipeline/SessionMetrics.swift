import CoreMetrics
import Metrics
import RealtimeProtocol
import SessionEngine

/// What sessions count. Handles are made once for the process.
struct SessionMetrics: Sendable {
    static let shared = SessionMetrics()

    let started = Counter(label: "gateway_sessions_total")
    let eventsIn = Counter(label: "gateway_session_events_total", dimensions: [("direction", "in")])
    let eventsOut = Counter(label: "gateway_session_events_total", dimensions: [("direction", "out")])
    /// Events that were too long for their client.
    let eventsReduced = Counter(label: "gateway_session_events_reduced_total")
    let errors = Counter(label: "gateway_session_errors_total")
    /// Results of work that was over.
    let stale = Counter(label: "gateway_stale_results_total")
    let turns = Counter(label: "gateway_turns_total")
    let inputDropped = Counter(label: "gateway_audio_dropped_bytes_total", dimensions: [("buffer", "input")])
    let itemsDropped = Counter(label: "gateway_audio_dropped_bytes_total", dimensions: [("buffer", "items")])
    let recogniser = Timer(label: "gateway_stage_latency_seconds", dimensions: [("stage", "recogniser")])
    let firstToken = Timer(label: "gateway_stage_latency_seconds", dimensions: [("stage", "first_token")])
    let firstAudio = Timer(label: "gateway_stage_latency_seconds", dimensions: [("stage", "first_audio")])

    let upstreamEventsIn = Counter(label: "gateway_upstream_events_total", dimensions: [("direction", "in")])
    let upstreamEventsOut = Counter(label: "gateway_upstream_events_total", dimensions: [("direction", "out")])
    /// Messages of an upstream that are no events.
    let upstreamJunk = Counter(label: "gateway_upstream_junk_total")

    private let input = TokenCounters("input")
    private let cached = TokenCounters("cached")
    private let output = TokenCounters("output")
    private let transcribed = FloatingPointCounter(label: "gateway_transcribed_seconds_total")

    private init() {}

    func account(_ usage: Usage) {
        input.add(usage.input)
        cached.add(usage.cached)
        output.add(usage.output)
    }

    func account(_ usage: TranscriptionUsage) {
        switch usage {
        case .duration(let seconds): transcribed.increment(by: seconds)
        case .tokens(let input, let output):
            self.input.add(input)
            self.output.add(Usage.Details(text: output))
        }
    }

    func speculated(_ outcome: SpeculationOutcome) {
        Counter(label: "gateway_speculations_total", dimensions: [("outcome", outcome.rawValue)]).increment()
    }

    /// In the currency of the price list.
    func spent(_ cost: Money, engine: String, _ kind: String) {
        FloatingPointCounter(label: "gateway_cost_total", dimensions: [("engine", engine), ("kind", kind)])
            .increment(by: cost.amount)
    }

    func toolListed(_ progress: MCPProgress) {
        Counter(label: "gateway_tool_listings_total", dimensions: [("outcome", progress.rawValue)]).increment()
    }

    func toolCalled(_ progress: MCPProgress, _ time: Duration) {
        Counter(label: "gateway_tool_calls_total", dimensions: [("outcome", progress.rawValue)]).increment()
        Timer(label: "gateway_tool_call_seconds").record(duration: time)
    }

    /// `held`, `resumed` or `expired`; the gateway counts `refused`.
    func resumption(_ outcome: String) {
        Counter(label: "gateway_resumptions_total", dimensions: [("outcome", outcome)]).increment()
    }

    func failed(_ stage: String) {
        Counter(label: "gateway_stage_failures_total", dimensions: [("stage", stage)]).increment()
    }

    func count(_ what: UpstreamCount) {
        switch what {
        case .lost(let code):
            Counter(label: "gateway_upstream_losses_total", dimensions: [("code", code)]).increment()
        case .resumed: Counter(label: "gateway_upstream_resumptions_total").increment()
        case .audioDropped(let bytes):
            Counter(label: "gateway_audio_dropped_bytes_total", dimensions: [("buffer", "upstream")])
                .increment(by: bytes)
        case .refused: Counter(label: "gateway_upstream_refusals_total").increment()
        }
    }

    func ended(_ reason: String) {
        Counter(label: "gateway_sessions_ended_total", dimensions: [("reason", reason)]).increment()
    }
}

/// Tokens of one direction by what they were.
private struct TokenCounters: Sendable {
    private let text: Counter
    private let audio: Counter
    private let image: Counter

    init(_ direction: String) {
        func counter(_ kind: String) -> Counter {
            Counter(label: "gateway_tokens_total", dimensions: [("direction", direction), ("kind", kind)])
        }
        text = counter("text")
        audio = counter("audio")
        image = counter("image")
    }

    func add(_ tokens: Usage.Details) {
        text.increment(by: tokens.text)
        audio.increment(by: tokens.audio)
        image.increment(by: tokens.image)
    }
}
