import GatewayServer
import RealtimeProtocol
import SpeechEngines
import Testing
import VoiceSession

/// Clients of WebSockets that are lost and come back.
@Suite("Resumption", .timeLimit(.minutes(1)))
struct ResumptionTests {
    private static let address = "/v1/realtime?model=scripted&parley=1"

    @Test("A socket that was lost comes back to its conversation, gets what it missed, and a token for the next time")
    func socket() async throws {
        try await Self.withGateway { gateway in
            let first = try await RawWebSocket.connect(gateway.http, Self.address)
            let (session, token) = try await Self.created(first)
            try await first.send(Self.item)
            let added = try await Self.next("conversation.item.done", first)
            try await first.send(#"{"type":"response.create"}"#)
            try await Self.next("response.done", first)
            try await Self.lose(first)

            let after = try #require(added["event_id"] as? String)
            let second = try await RawWebSocket.connect(gateway.http, "/v1/realtime?resume=\(token)&after=\(after)")
            let created = try await second.receive().json
            #expect((created["session"] as? [String: Any])?["id"] as? String == session)
            let resume = try #require((created["parley"] as? [String: Any])?["resume"] as? [String: Any])
            #expect(resume["complete"] as? Bool == true)
            var replayed: [String] = []
            for _ in 0..<(try #require(resume["replayed"] as? Int)) {
                replayed.append(try await second.receive().json["type"] as? String ?? "")
            }
            #expect(replayed.first == "response.created" && replayed.last == "response.done")
            let next = try #require(resume["token"] as? String)
            #expect(next != token)
            try await second.send(#"{"type":"conversation.item.retrieve","item_id":"item_of_the_user"}"#)
            try await Self.next("conversation.item.retrieved", second)
            try await Self.lose(second)
            let third = try await RawWebSocket.connect(gateway.http, "/v1/realtime?resume=\(next)")
            #expect(try await Self.created(third).session == session)
        }
    }

    @Test("A token is good once, for its caller, and not after a goodbye: otherwise an error event says so")
    func refusals() async throws {
        try await Self.withGateway(["--auth-keys", "one,two", "--session-max-count", "1"]) { gateway in
            let key = { (name: String) in [("Authorization", "Bearer \(name)")] }
            let first = try await RawWebSocket.connect(gateway.http, Self.address, headers: key("one"))
            let (session, token) = try await Self.created(first)
            try await Self.lose(first)
            try await Self.expectRefusal(gateway, "nonsense", key("one"))
            try await Self.expectRefusal(gateway, token, key("two"))
            let second = try await RawWebSocket.connect(
                gateway.http, "/v1/realtime?resume=\(token)", headers: key("one"))
            let (same, next) = try await Self.created(second)
            #expect(same == session)
            try await Self.expectRefusal(gateway, token, key("one"))
            try await second.sendClose(1000)
            _ = try await second.receiveClose()
            try await Self.waitForPlace(gateway, key("one"))
            try await Self.expectRefusal(gateway, next, key("one"))
            let response = try await gateway.place(
                [("Content-Type", "application/sdp")] + key("one"), path: "/v1/realtime/calls?resume=\(next)")
            #expect(response.status == 400)
            #expect(response.error["code"] as? String == "invalid_resume_token")
            #expect(response.error["param"] as? String == "resume")
        }
    }

    @Test("No token without the opt-in, nor where sessions do not wait: there a client that is lost ends its session")
    func notOffered() async throws {
        try await Self.withGateway { gateway in
            let plain = try await RawWebSocket.connect(gateway.http, "/v1/realtime?model=scripted")
            #expect(try await plain.receive().json["parley"] == nil)
        }
        try await Self.withGateway(["--session-resume-seconds", "0", "--session-max-count", "1"]) { gateway in
            let socket = try await RawWebSocket.connect(gateway.http, Self.address)
            #expect(try await socket.receive().json["parley"] == nil)
            try await Self.lose(socket)
            try await Self.waitForPlace(gateway, [])
        }
    }

    @Test("A session that waits counts against the limit, and the server stops without waiting for it")
    func held() async throws {
        try await Self.withGateway(["--session-max-count", "1"]) { gateway in
            let first = try await RawWebSocket.connect(gateway.http, Self.address)
            _ = try await Self.created(first)
            try await Self.lose(first)
            let second = try await RawWebSocket.connect(gateway.http, Self.address)
            #expect(try await second.receive().error["code"] as? String == "sessions_full")
        }
    }

    // MARK: Inside

    private static let item =
        #"{"type":"conversation.item.create","item":{"id":"item_of_the_user","type":"message","role":"user","#
        + #""content":[{"type":"input_text","text":"Hello"}]}}"#

    /// With sessions that the scripted engine answers in text.
    private static func withGateway(
        _ arguments: [String] = [], _ body: @Sendable (RunningGateway) async throws -> Void
    ) async throws {
        var script = Script()
        script.timing = Script.Timing(recogniserMs: 0, firstTokenMs: 0, tokenMs: 0, wordMs: 10)
        script.rules = [Script.Rule(reply: [.say("A short answer.")])]
        let factory = SessionFactory(
            engine: EngineShelf(EngineCatalog(default: ScriptedEngine(script).engine)).engine(of:))
        try await RunningGateway.with(
            arguments,
            makeDriver: { id, configuration, owner, logger throws(ProtocolError) in
                var configuration = configuration
                configuration.outputModality = .text
                return try factory.makeDriver(id, configuration, owner: owner, logger: logger)
            }, body)
    }

    private static func created(_ socket: RawWebSocket) async throws -> (session: String, token: String) {
        let event = try await next("session.created", socket)
        let resume = (event["parley"] as? [String: Any])?["resume"] as? [String: Any]
        return (
            try #require((event["session"] as? [String: Any])?["id"] as? String),
            try #require(resume?["token"] as? String)
        )
    }

    @discardableResult
    private static func next(_ type: String, _ socket: RawWebSocket) async throws -> [String: Any] {
        while true {
            let event = try await socket.receive().json
            if event["type"] as? String == type { return event }
        }
    }

    /// The connection ends without a goodbye; returns when the server has noticed.
    private static func lose(_ socket: RawWebSocket) async throws {
        try await socket.endSending()
        _ = try await socket.receiveClose()
    }

    /// A session ends a moment after its client: returns when there is room for another.
    private static func waitForPlace(_ gateway: RunningGateway, _ headers: [(String, String)]) async throws {
        var event: [String: Any] = [:]
        repeat {
            event = try await RawWebSocket.connect(gateway.http, address, headers: headers).receive().json
        } while event["type"] as? String == "error"
    }

    private static func expectRefusal(
        _ gateway: RunningGateway, _ token: String, _ headers: [(String, String)]
    ) async throws {
        let socket = try await RawWebSocket.connect(
            gateway.http, "/v1/realtime?resume=\(token)", headers: headers)
        #expect(try await socket.receive().error["code"] as? String == "invalid_resume_token")
        #expect(try await socket.receiveClose()?.closeCode == 4000)
    }
}
