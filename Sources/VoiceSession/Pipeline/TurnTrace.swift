import RealtimeProtocol
import SessionEngine
import Tracing

/// The turns of one session as spans, told by the events that its clients are sent: a `turn` with its `speech`, `recognition` and
/// `response`, in this `language_model` and `voice` until each gave its first. No words are in them.
///
/// What a turn's spans last is what its client waited for.
struct TurnTrace {
    private struct Turn {
        let root: any Span
        var speech: (any Span)?
        var recognition: (any Span)?
        var response: (any Span)?
        var languageModel: (any Span)?
        var voice: (any Span)?
        var hasVoice = false
    }

    private let tracer: any Tracer
    private let session: String
    private let model: String
    private var turn: Turn?

    /// Nil where nobody takes traces.
    init?(session: String, model: String, tracer: any Tracer = InstrumentationSystem.tracer) {
        if tracer is NoOpTracer { return nil }
        self.tracer = tracer
        self.session = session
        self.model = model
    }

    mutating func note(_ event: ServerEvent) {
        switch event {
        case .inputAudioBufferSpeechStarted: speechStarted()
        case .inputAudioBufferSpeechStopped: speechStopped()
        case .inputAudioTranscriptionCompleted: end(\.recognition)
        case .inputAudioTranscriptionFailed: end(\.recognition, failed: true)
        case .responseCreated: responseCreated()
        case .outputTextDelta, .functionCallArgumentsDelta: end(\.languageModel)
        case .outputAudioTranscriptDelta: firstWords()
        case .outputAudioDelta, .outputAudioBufferStarted: end(\.voice)
        case .responseDone(let response): responseDone(response)
        case .error(let error):
            turn?.root.addEvent(SpanEvent(name: "error", attributes: ["code": .string(error.code ?? "")]))
        default: break
        }
    }

    /// The session is over.
    mutating func end() {
        for part in [\Turn.speech, \.recognition, \.languageModel, \.voice, \.response] { end(part) }
        turn?.root.end()
        turn = nil
    }

    // MARK: Inside

    private mutating func speechStarted() {
        // Speech over an answer is the next turn's; before one it belongs to the same.
        if turn?.response != nil { end() }
        if turn == nil { turn = Turn(root: start("turn", in: .topLevel)) }
        begin(\.speech, "speech", in: turn?.root)
    }

    private mutating func speechStopped() {
        guard turn?.speech != nil else { return }
        end(\.speech)
        end(\.recognition)
        begin(\.recognition, "recognition", in: turn?.root)
    }

    private mutating func responseCreated() {
        if turn?.response != nil { end() }
        var current = turn ?? Turn(root: start("turn", in: .topLevel))
        let response = start("response", in: current.root.context)
        current.response = response
        current.languageModel = start("language_model", in: response.context)
        turn = current
    }

    private mutating func firstWords() {
        end(\.languageModel)
        guard let response = turn?.response, turn?.hasVoice == false else { return }
        turn?.hasVoice = true
        begin(\.voice, "voice", in: response)
    }

    private mutating func responseDone(_ done: Response) {
        guard let response = turn?.response else { return }
        response.attributes["response.status"] = done.status.label
        if let usage = done.usage {
            response.attributes["gen_ai.usage.input_tokens"] = usage.input.total
            response.attributes["gen_ai.usage.output_tokens"] = usage.output.total
        }
        if case .failed = done.status { response.setStatus(SpanStatus(code: .error)) }
        end()
    }

    private mutating func begin(_ part: WritableKeyPath<Turn, (any Span)?>, _ name: String, in parent: (any Span)?) {
        guard let parent else { return }
        let span = start(name, in: parent.context)
        turn?[keyPath: part] = span
    }

    private mutating func end(_ part: WritableKeyPath<Turn, (any Span)?>, failed: Bool = false) {
        guard let span = turn?[keyPath: part] else { return }
        if failed { span.setStatus(SpanStatus(code: .error)) }
        span.end()
        turn?[keyPath: part] = nil
    }

    private func start(_ name: String, in context: ServiceContext) -> any Span {
        let span: any Span = tracer.startSpan(name, context: context)
        span.attributes["session.id"] = session
        span.attributes["gen_ai.request.model"] = model
        return span
    }
}

extension Response.Status {
    /// As in the protocol.
    fileprivate var label: String {
        switch self {
        case .inProgress: "in_progress"
        case .completed: "completed"
        case .cancelled: "cancelled"
        case .incomplete: "incomplete"
        case .failed: "failed"
        }
    }
}
