import AudioPipeline
import Logging
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import VoiceSession

/// Runs a session beside the test, on a clock that the test moves.
struct SessionUnderTest {
    let session: PipelineSession
    let clock: ManualClock
    let engine: SuspendedEngine
    /// What the session logged at notice, with its metadata.
    let notices: PosixLock<[String]>

    /// With the real machine.
    init(
        engine: SuspendedEngine = SuspendedEngine(), apology: String = "",
        configure: (inout SessionConfiguration) -> Void = { _ in }
    ) {
        let clock = ManualClock()
        var configuration = SessionConfiguration(kind: .realtime, model: "suspended")
        configure(&configuration)
        var settings = SessionMachineConfiguration(
            session: SessionID("sess_test"), conversation: ConversationID("conv_test"), initial: configuration,
            engine: engine.engine.limits, startedAt: 0, seed: 1)
        settings.apology = apology
        let machine = SessionMachine(settings, now: clock.now)
        self.init(machine: machine, configuration: configuration, engine: engine, clock: clock)
    }

    init(
        machine: ScriptedMachine, engine: SuspendedEngine = SuspendedEngine(), tools: any ToolCaller = NoToolCaller()
    ) {
        self.init(
            machine: machine, configuration: SessionConfiguration(kind: .realtime, model: "suspended"), engine: engine,
            clock: ManualClock(), tools: tools)
    }

    private init(
        machine: sending any ConversationMachine, configuration: SessionConfiguration, engine: SuspendedEngine,
        clock: ManualClock, tools: any ToolCaller = NoToolCaller()
    ) {
        self.engine = engine
        self.clock = clock
        let notices = PosixLock<[String]>([])
        self.notices = notices
        var logger = Logger(label: "test") { _ in NoticeLog(notices: notices) }
        logger.logLevel = .notice
        session = PipelineSession(
            machine: machine, initial: configuration, engine: engine.engine, prices: SessionPrices(), tools: tools,
            itemAudio: ItemAudioBudget(limitBytes: .max), clock: clock, logger: logger)
    }

    /// Runs the session on `transport` while `body` plays the client, then lets the client leave and waits for the end.
    func run(_ transport: RecordingTransport, _ body: (RecordingTransport) async throws -> Void) async rethrows {
        let running = Task { await session.run(transport) }
        do { try await body(transport) } catch {
            transport.give(.departed(.goodbye))
            await running.value
            throw error
        }
        transport.give(.departed(.goodbye))
        await running.value
    }
}

/// Keeps what is logged at notice or above.
private struct NoticeLog: LogHandler {
    let notices: PosixLock<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let words = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        notices.withLock { $0.append(([event.message.description] + words).joined(separator: " ")) }
    }
}
