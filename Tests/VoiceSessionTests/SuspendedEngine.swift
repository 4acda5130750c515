import AudioPipeline
import RealtimeProtocol
import SessionEngine
import SpeechEngines

/// An engine whose stages do nothing until the test says what.
struct SuspendedEngine: Sendable {
    let model = SuspendedStage<ModelRequest, ModelStep>()
    let reader = SuspendedStage<ModelRequest, ReaderStep>()
    let voice = SuspendedStage<SpeechRequest, VoiceStep>()
    let recogniser = SuspendedStage<[Int16], RecogniserStep>()
    /// The recogniser asked in passing.
    let glimpse = SuspendedStage<[Int16], RecogniserStep>()
    var activity = SuspendedActivity()
    /// With one, `semantic_vad` is scored.
    var turnDetector: ReadingDetector?
    var noiseReducer: Silencer?
    /// Whether the language model reads ahead.
    var prepares = false
    /// Whether the recogniser is asked before a turn is over.
    var recognisesEarly = false
    var isModelIdle = true
    /// How often connections to the model were opened.
    let connections = AsyncStream<Void>.makeStream()

    enum ModelStep: Sendable {
        case say(ModelOutput)
        case end(ModelEnd.Reason)
        case fail(EngineFailure)
    }

    enum ReaderStep: Sendable {
        case end
    }

    enum VoiceStep: Sendable {
        case say(SynthesizedAudio)
        case end
        case fail(EngineFailure)
    }

    enum RecogniserStep: Sendable {
        case delta(String)
        case end(String)
        case fail(EngineFailure)
    }

    var engine: Engine {
        Engine(
            name: "suspended",
            limits: EngineLimits(
                contextTokens: 8_000, maxOutputTokens: 1_000, acceptsImages: false,
                scoresTurns: turnDetector != nil, prepares: prepares, recognisesEarly: recognisesEarly),
            voiceActivity: activity, turnDetector: turnDetector, noiseReducer: noiseReducer,
            transcriber: SuspendedTranscriber(stage: recogniser, glimpse: glimpse),
            languageModel: SuspendedModel(
                stage: model, reader: reader, isIdle: isModelIdle, connections: connections.continuation),
            synthesizer: SuspendedSynthesizer(stage: voice)
        )
    }
}

/// Calls of one stage, in order, each of which the test answers step by step.
final class SuspendedStage<Request: Sendable, Step: Sendable>: Sendable {
    struct Call: Sendable {
        let request: Request
        fileprivate let steps: AsyncStream<Step>
        fileprivate let stepsOut: AsyncStream<Step>.Continuation
        private let taken: AsyncStream<Void>
        fileprivate let takenOut: AsyncStream<Void>.Continuation

        fileprivate init(_ request: Request) {
            self.request = request
            (steps, stepsOut) = AsyncStream.makeStream()
            (taken, takenOut) = AsyncStream.makeStream()
        }

        /// Lets the stage do this next, without waiting until it has.
        func go(_ step: Step) { stepsOut.yield(step) }

        /// Lets the stage do this, and waits until the session has taken it.
        func `do`(_ step: Step) async {
            stepsOut.yield(step)
            for await _ in taken { return }
        }
    }

    private let calls: AsyncStream<Call>
    private let callsOut: AsyncStream<Call>.Continuation
    private let cancellations: AsyncStream<Void>
    private let cancellationsOut: AsyncStream<Void>.Continuation

    init() {
        (calls, callsOut) = AsyncStream.makeStream()
        (cancellations, cancellationsOut) = AsyncStream.makeStream()
    }

    /// The next call that a session makes.
    func called() async -> Call {
        for await call in calls { return call }
        preconditionFailure("the test was cancelled")
    }

    /// Returns when a call of the session was cancelled before it had its result.
    func cancelled() async {
        for await _ in cancellations { return }
    }

    /// A session calls: steps until one gives a result; nil when the task is cancelled.
    fileprivate func run<Result>(_ request: Request, _ perform: (Step) async -> Result?) async -> Result? {
        let call = Call(request)
        callsOut.yield(call)
        for await step in call.steps {
            let result = await perform(step)
            call.takenOut.yield()
            if let result { return result }
        }
        cancellationsOut.yield()
        return nil
    }
}

private struct SuspendedModel: LanguageModel {
    let stage: SuspendedStage<ModelRequest, SuspendedEngine.ModelStep>
    let reader: SuspendedStage<ModelRequest, SuspendedEngine.ReaderStep>
    let isIdle: Bool
    let connections: AsyncStream<Void>.Continuation

    func connect() async { connections.yield() }

    func prepare(for request: ModelRequest) async throws(EngineFailure) {
        _ = await reader.run(request) { _ in () }
    }

    func respond(
        to request: ModelRequest, onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> (reason: ModelEnd.Reason, usage: ModelUsage?) {
        let result = await stage.run(request) { step -> Result<ModelEnd.Reason, EngineFailure>? in
            switch step {
            case .say(let output):
                await onOutput(output)
                return nil
            case .end(let reason): return .success(reason)
            case .fail(let failure): return .failure(failure)
            }
        }
        return (try (result ?? .success(.stop)).get(), nil)
    }
}

private struct SuspendedSynthesizer: Synthesizer {
    let stage: SuspendedStage<SpeechRequest, SuspendedEngine.VoiceStep>

    func speak(
        _ request: SpeechRequest, onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure) {
        let result = await stage.run(request) { step -> Result<Void, EngineFailure>? in
            switch step {
            case .say(let audio):
                await onAudio(audio)
                return nil
            case .end: return .success(())
            case .fail(let failure): return .failure(failure)
            }
        }
        try (result ?? .success(())).get()
    }
}

private struct SuspendedTranscriber: Transcriber {
    let languages: [String]? = ["en"]
    let stage: SuspendedStage<[Int16], SuspendedEngine.RecogniserStep>
    let glimpse: SuspendedStage<[Int16], SuspendedEngine.RecogniserStep>

    func transcribeInPassing(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?
    ) async throws(EngineFailure) -> String? {
        let result = await glimpse.run(speech) { step -> Result<String, EngineFailure>? in
            switch step {
            case .delta: nil
            case .end(let text): .success(text)
            case .fail(let failure): .failure(failure)
            }
        }
        return try result?.get()
    }

    func transcribe(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?, onDelta: @Sendable (String) async -> Void
    ) async throws(EngineFailure) -> Transcript {
        let result = await stage.run(speech) { step -> Result<String, EngineFailure>? in
            switch step {
            case .delta(let text):
                await onDelta(text)
                return nil
            case .end(let text): return .success(text)
            case .fail(let failure): return .failure(failure)
            }
        }
        let text = try (result ?? .success("")).get()
        return Transcript(text: text, usage: .duration(seconds: Double(speech.count) / 16_000))
    }
}

/// Voice activity that says 1 for windows with sound and 0 for silence, and keeps them, and on which of some threads each came.
final class SuspendedActivity: VoiceActivityDetector, VoiceActivityStream {
    private let seen = PosixLock<[(window: [Int16], place: Int?)]>([])
    private let threads: [SoundThread]

    init(on threads: [SoundThread] = []) { self.threads = threads }

    var windows: [[Int16]] { seen.withLock { $0.map { $0.window } } }
    /// By index; nil for any other.
    var places: [Int?] { seen.withLock { $0.map { $0.place } } }

    func makeStream() -> any VoiceActivityStream { self }

    func probability(in window: [Int16]) async throws(EngineFailure) -> Double {
        let place = threads.firstIndex { $0.isCurrent }
        seen.withLock { $0.append((window, place)) }
        return window.contains { $0.magnitude > 1_000 } ? 1 : 0
    }

    func reset() {}
}

/// A turn detector that reads what was said, and takes a turn that ends in a full stop for done.
final class ReadingDetector: TurnDetector {
    private let questions = PosixLock<[TurnEvidence]>([])

    var asked: [TurnEvidence] { questions.withLock { $0 } }

    func score(
        of evidence: TurnEvidence, transcript: @escaping @Sendable () async -> String?
    ) async throws(EngineFailure) -> Double {
        questions.withLock { $0.append(evidence) }
        return await transcript()?.hasSuffix(".") == true ? 1 : 0
    }
}

/// A noise reducer that takes everything for noise.
struct Silencer: NoiseReducer, NoiseReductionStream {
    func makeStream(_ reduction: NoiseReduction) -> (any NoiseReductionStream)? { self }

    func reduce(_ samples: [Int16]) async -> [Int16] { [Int16](repeating: 0, count: samples.count) }
}
