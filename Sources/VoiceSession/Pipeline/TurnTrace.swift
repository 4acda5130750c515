import RealtimeProtocol
import SessionEngine
import Tracing

/// The turns of one session as spans, told by the events that its clients are sent: a `turn` with its `speech`, `recognition` and
/// `response`, in this `language_model` and `voice` until each gave its first. No words are in them. Where the session is passed on,
/// the events are those of the service that answers.
///
/// What a turn's spans last is what its client waited for.
struct TurnTrace {
    /// What an event says of a turn.
    fileprivate enum Fact {
        case speechStarted
        case speechStopped
        case recognised(failed: Bool)
        case responseCreated
        /// The model has written.
        case written
        /// It has words to be spoken.
        case spokenWords
        case sound
        case responseDone(status: String, failed: Bool, Usage?)
        case error(code: String)
    }

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
        if let fact = Fact(event) { note(fact) }
    }

    mutating func note(_ event: RelayedEvent) {
        if let fact = Fact(event) { note(fact) }
    }

    /// The session is over.
    mutating func end() {
        for part in [\Turn.speech, \.recognition, \.languageModel, \.voice, \.response] { end(part) }
        turn?.root.end()
        turn = nil
    }

    // MARK: Inside

    private mutating func note(_ fact: Fact) {
        switch fact {
        case .speechStarted: speechStarted()
        case .speechStopped: speechStopped()
        case .recognised(let failed): end(\.recognition, failed: failed)
        case .responseCreated: responseCreated()
        case .written: end(\.languageModel)
        case .spokenWords: firstWords()
        case .sound: end(\.voice)
        case .responseDone(let status, let failed, let usage): responseDone(status, failed: failed, usage)
        case .error(let code): turn?.root.addEvent(SpanEvent(name: "error", attributes: ["code": .string(code)]))
        }
    }

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

    private mutating func responseDone(_ status: String, failed: Bool, _ usage: Usage?) {
        guard let response = turn?.response else { return }
        response.attributes["response.status"] = status
        if let usage {
            response.attributes["gen_ai.usage.input_tokens"] = usage.input.total
            response.attributes["gen_ai.usage.output_tokens"] = usage.output.total
        }
        if failed { response.setStatus(SpanStatus(code: .error)) }
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

extension TurnTrace.Fact {
    fileprivate init?(_ event: ServerEvent) {
        switch event {
        case .inputAudioBufferSpeechStarted: self = .speechStarted
        case .inputAudioBufferSpeechStopped: self = .speechStopped
        case .inputAudioTranscriptionCompleted: self = .recognised(failed: false)
        case .inputAudioTranscriptionFailed: self = .recognised(failed: true)
        case .responseCreated: self = .responseCreated
        case .outputTextDelta, .functionCallArgumentsDelta: self = .written
        case .outputAudioTranscriptDelta: self = .spokenWords
        case .outputAudioDelta, .outputAudioBufferStarted: self = .sound
        case .responseDone(let response):
            var hasFailed = false
            if case .failed = response.status { hasFailed = true }
            self = .responseDone(status: response.status.label, failed: hasFailed, response.usage)
        case .error(let error): self = .error(code: error.code ?? "")
        default: return nil
        }
    }

    fileprivate init?(_ event: RelayedEvent) {
        switch event.type {
        case "input_audio_buffer.speech_started": self = .speechStarted
        case "input_audio_buffer.speech_stopped": self = .speechStopped
        case "conversation.item.input_audio_transcription.completed": self = .recognised(failed: false)
        case "conversation.item.input_audio_transcription.failed": self = .recognised(failed: true)
        case "response.created": self = .responseCreated
        case "response.output_text.delta", "response.function_call_arguments.delta": self = .written
        case "response.output_audio_transcript.delta": self = .spokenWords
        case "response.output_audio.delta": self = .sound
        case "response.done":
            let response = event.object("response")
            // An attribute is a word of the protocol, not whatever a service may say.
            let status = Self.statuses.first { $0 == response?["status"]?.string } ?? ""
            self = .responseDone(
                status: status, failed: status == "failed",
                response?["usage"]?.object.map { Usage(relayed: $0) })
        case "error":
            let code = event.object("error")?["code"]?.string ?? ""
            self = .error(code: String(code.prefix(Self.longestCode)))
        default: return nil
        }
    }

    private static let statuses = ["completed", "cancelled", "incomplete", "failed"]
    private static let longestCode = 64
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
