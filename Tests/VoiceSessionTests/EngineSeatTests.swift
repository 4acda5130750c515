import Logging
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import Testing

@testable import VoiceSession

@Suite("Places with an engine", .timeLimit(.minutes(1)))
struct EngineSeatTests {
    @Test("One conversation too many is refused in words; the place is free again once a session has ended")
    func refusal() async throws {
        var engine = SuspendedEngine().engine
        engine.seats = EngineSeats(capacity: 1)
        let factory = SessionFactory(engine: { [engine] _ in engine })
        let first = try makeDriver(factory)
        let refusal = #expect(throws: ProtocolError.self) { try makeDriver(factory) }
        #expect(refusal?.kind == .server && refusal?.code == SessionFactory.engineFullCode)
        let transport = RecordingTransport()
        transport.give(.departed(.goodbye))
        await first.run(transport)
        _ = try makeDriver(factory)
    }

    @Test("A driver that never runs gives its place back when it is forgotten")
    func forgotten() throws {
        var engine = SuspendedEngine().engine
        engine.seats = EngineSeats(capacity: 1)
        let factory = SessionFactory(engine: { [engine] _ in engine })
        for _ in 0..<3 { _ = try makeDriver(factory) }
    }

    @Test("A place given back twice is one place")
    func twice() throws {
        let seats = EngineSeats(capacity: 1)
        let seat = try #require(seats.take())
        #expect(seats.take() == nil)
        seat.giveBack()
        seat.giveBack()
        let next = try #require(seats.take())
        #expect(seats.take() == nil)
        next.giveBack()
    }

    private func makeDriver(_ factory: SessionFactory) throws(ProtocolError) -> any SessionDriver {
        try factory.makeDriver(
            SessionID("sess_test"), SessionConfiguration(kind: .realtime, model: "suspended"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}
