import Foundation
import GatewayServer
import RealtimeProtocol
import ServiceLifecycle
import SessionEngine
import Testing
import VoiceSession

@Suite("WebSockets")
struct WebSocketTests {
    private static let big = [UInt8](repeating: UInt8(ascii: "a"), count: 20 * 1024 * 1024)

    @Test(
        "Every prefix upgrades to a session that speaks first",
        arguments: ["/v1/realtime", "/realtime", "/openai/v1/realtime", "/openai/realtime"])
    func upgrades(path: String) async throws {
        try await RunningGateway.with { gateway in
            let socket = try await RawWebSocket.connect(gateway.http, path + "?model=gpt-realtime")
            #expect(socket.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(socket.headers["sec-websocket-protocol"] == nil)
            #expect(try await socket.receive().string == "session")
            try await socket.send("hello")
            #expect(try await socket.receive().string == "hello")
            #expect(gateway.sessions.configurations.map(\.model) == ["gpt-realtime"])
            try await socket.sendClose(1000)
            #expect(try await socket.receiveClose()?.closeCode == 1000)
            #expect(await gateway.sessions.departures(1) == [.goodbye])
        }
    }

    @Test("What came in one piece with the handshake is heard, in order")
    func earlyFrames() async throws {
        try await RunningGateway.with { gateway in
            let early = ["one", "two"].flatMap { RawWebSocket.frame(RawFrame.text, Array($0.utf8)) }
            let socket = try await RawWebSocket.connect(gateway.http, early: early)
            var heard: [String] = []
            for _ in 0..<3 { heard.append(try await socket.receive().string) }
            #expect(heard == ["session", "one", "two"])
        }
    }

    @Test("An offer of compression is declined")
    func compression() async throws {
        try await RunningGateway.with { gateway in
            let socket = try await RawWebSocket.connect(
                gateway.http, headers: [("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")])
            #expect(socket.headers["sec-websocket-extensions"] == nil)
        }
    }

    @Test("The intent of transcription wins over a model; beta and extensions are told to the session")
    func purposes() async throws {
        try await RunningGateway.with { gateway in
            for (path, headers) in [
                ("/v1/realtime?intent=transcription&model=m", [("OpenAI-Beta", "realtime=v1")]),
                ("/v1/realtime?model=a%20b&parley=1", []),
                ("/v1/realtime?model=c", [("Sec-WebSocket-Protocol", "realtime, openai-beta.realtime-v1")]),
            ] as [(String, [(String, String)])] {
                _ = try await RawWebSocket.connect(gateway.http, path, headers: headers).receive()
            }
            #expect(gateway.sessions.configurations.map(\.kind) == [.transcription, .realtime, .realtime])
            #expect(gateway.sessions.configurations.map(\.model) == [ScriptedSessions.defaultModel, "a b", "c"])
            #expect(gateway.sessions.clients.map(\.dialect) == [.beta, .current, .beta])
            #expect(gateway.sessions.clients.map(\.wantsExtensions) == [false, true, false])
        }
    }

    @Test("Without a model an error event says so, and the socket is closed with 4000")
    func missingModel() async throws {
        try await RunningGateway.with { gateway in
            for path in ["/v1/realtime", "/v1/realtime?model="] {
                let socket = try await RawWebSocket.connect(gateway.http, path)
                let event = try await socket.receive()
                #expect(event.json["type"] as? String == "error")
                #expect(event.json["event_id"] is String)
                #expect(event.error["code"] as? String == "missing_model")
                #expect(event.error["param"] as? String == "model")
                let close = try #require(try await socket.receiveClose())
                #expect(close.closeCode == 4000)
                #expect(close.closeReason == "invalid_request_error.missing_model")
            }
        }
    }

    @Test("An unknown call is told so and closed with 4000", arguments: ["rtc_0123456789ABCDEFGHIJKL", "x", ""])
    func unknownCall(name: String) async throws {
        try await RunningGateway.with { gateway in
            let socket = try await RawWebSocket.connect(gateway.http, "/v1/realtime?call_id=\(name)")
            #expect(try await socket.receive().error["code"] as? String == "call_not_found")
            #expect(try await socket.receiveClose()?.closeCode == 4000)
        }
    }

    @Test("A message of 20 MiB arrives whole, in one frame or in fragments with a ping between them")
    func bigMessages() async throws {
        try await RunningGateway.with { gateway in
            let socket = try await RawWebSocket.connect(gateway.http)
            _ = try await socket.receive()
            try await socket.send(bytes: RawWebSocket.frame(RawFrame.text, Self.big))
            #expect(try await socket.receive().string == "text \(Self.big.count)")
            let quarter = Self.big.count / 4
            for part in 0..<4 {
                let opcode = part == 0 ? RawFrame.text : 0
                try await socket.send(
                    bytes: RawWebSocket.frame(opcode, Array(Self.big.prefix(quarter)), isFinal: part == 3))
                if part == 1 { try await socket.send(bytes: RawWebSocket.frame(RawFrame.ping, [1, 2])) }
            }
            #expect(try await socket.receive() == RawFrame(isFinal: true, opcode: RawFrame.pong, payload: [1, 2]))
            #expect(try await socket.receive().string == "text \(Self.big.count)")
        }
    }

    @Test("A longer message is closed with 1009, in one frame or in fragments")
    func tooBig() async throws {
        try await RunningGateway.with { gateway in
            let over = Self.big + [UInt8](repeating: 0, count: 8192)
            let whole = try await RawWebSocket.connect(gateway.http)
            try? await whole.send(bytes: RawWebSocket.frame(RawFrame.text, over))
            #expect(try await whole.receiveClose()?.closeCode == 1009)
            let parts = try await RawWebSocket.connect(gateway.http)
            try await parts.send(bytes: RawWebSocket.frame(RawFrame.text, Self.big, isFinal: false))
            try? await parts.send(bytes: RawWebSocket.frame(0, [UInt8](repeating: 0, count: 8192)))
            #expect(try await parts.receiveClose()?.closeCode == 1009)
        }
    }

    @Test("Frames that break RFC 6455 are closed with 1002")
    func brokenFrames() async throws {
        try await RunningGateway.with { gateway in
            for bytes in [
                RawWebSocket.frame(RawFrame.text, [1], isMasked: false),
                RawWebSocket.frame(RawFrame.text, [1], reserved: 4),
                RawWebSocket.frame(0, [1]), RawWebSocket.frame(3, [1]),
                RawWebSocket.frame(RawFrame.ping, [1], isFinal: false),
                RawWebSocket.frame(RawFrame.ping, [UInt8](repeating: 0, count: 126)),
                RawWebSocket.frame(RawFrame.text, [1], isFinal: false) + RawWebSocket.frame(RawFrame.text, [1]),
            ] {
                let socket = try await RawWebSocket.connect(gateway.http)
                try await socket.send(bytes: bytes)
                #expect(try await socket.receiveClose()?.closeCode == 1002)
            }
        }
    }

    @Test("A binary message reaches the session as such and does not end the socket")
    func binary() async throws {
        try await RunningGateway.with { gateway in
            let socket = try await RawWebSocket.connect(gateway.http)
            _ = try await socket.receive()
            try await socket.send(bytes: RawWebSocket.frame(RawFrame.binary, [1, 2, 3]))
            #expect(try await socket.receive().string == "binary 3")
        }
    }

    @Test("A close frame without a code is answered without one, and a half-closed socket is lost")
    func goodbyes() async throws {
        try await RunningGateway.with { gateway in
            let socket = try await RawWebSocket.connect(gateway.http)
            try await socket.send(bytes: RawWebSocket.frame(RawFrame.close, []))
            #expect(try await socket.receiveClose()?.payload.isEmpty == true)
            let other = try await RawWebSocket.connect(gateway.http)
            _ = try await other.receive()
            try await other.endSending()
            #expect(try await other.receiveClose() == nil)
            #expect(await gateway.sessions.departures(2) == [.goodbye, .lost])
        }
    }

    @Test("A session's own end comes after what it said, with its close code")
    func sessionEnds() async throws {
        try await RunningGateway.with { gateway in
            let socket = try await RawWebSocket.connect(gateway.http)
            _ = try await socket.receive()
            try await socket.send("last")
            try await socket.send("expire")
            #expect(try await socket.receive().string == "last")
            #expect(try await socket.receiveClose()?.closeCode == 1001)
        }
    }

    @Test("A client that stops reading loses its socket and nobody else's, and is counted")
    func slowReader() async throws {
        try await RunningGateway.with { gateway in
            let other = try await RawWebSocket.connect(gateway.http)
            _ = try await other.receive()
            let socket = try await RawWebSocket.connect(gateway.http, receiveBuffer: 4096)
            try await socket.send("flood")
            // The server ends a socket that is not read; only then does it say goodbye to the session.
            #expect(await gateway.sessions.departures(1) == [.overrun])
            try await other.send("still here")
            #expect(try await other.receive().string == "still here")
            _ = try? await socket.receiveClose()
            while !gateway.metrics.render().contains(#"gateway_websocket_closes_total{cause="slow_reader"} 1"#) {
                await Task.yield()
            }
        }
    }

    @Test("A stop closes every socket with 1001")
    func shutdown() async throws {
        try await RunningGateway.with { gateway in
            let socket = try await RawWebSocket.connect(gateway.http)
            _ = try await socket.receive()
            await gateway.group.triggerGracefulShutdown()
            #expect(try await socket.receiveClose()?.closeCode == 1001)
        }
    }

    @Test("Sockets, messages, bytes and causes of closing are counted")
    func metrics() async throws {
        try await RunningGateway.with { gateway in
            let socket = try await RawWebSocket.connect(gateway.http)
            _ = try await socket.receive()
            try await socket.send("four")
            _ = try await socket.receive()
            #expect(gateway.metrics.render().contains("gateway_websockets 1\n"))
            try await socket.sendClose(1000)
            _ = try await socket.receiveClose()
            // The server counts after the client has seen the end.
            while !gateway.metrics.render().contains("gateway_websockets 0\n") { await Task.yield() }
            let text = gateway.metrics.render()
            for line in [
                "gateway_websockets 0", "gateway_websockets_accepted_total 1",
                #"gateway_websocket_messages_total{direction="in"} 1"#,
                #"gateway_websocket_messages_total{direction="out"} 2"#,
                #"gateway_websocket_bytes_total{direction="in"} 4"#,
                #"gateway_websocket_bytes_total{direction="out"} 11"#,
                #"gateway_websocket_closes_total{cause="client"} 1"#,
            ] {
                #expect(text.contains(line + "\n"), "\(line)")
            }
        }
    }
}
