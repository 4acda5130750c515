import Foundation
import GatewayServer
import Testing

@Suite("Who is upgraded")
struct WebSocketUpgradeTests {
    @Test("Each form of the key is taken, and the key is never sent back")
    func keys() async throws {
        try await RunningGateway.with(["--auth-keys", "key-one"]) { gateway in
            let good: [([(String, String)], String?)] = [
                ([("Authorization", "Bearer key-one")], nil),
                ([("api-key", "key-one")], nil),
                ([("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.key-one")], "realtime"),
                (
                    [
                        ("Sec-WebSocket-Protocol", "realtime"),
                        (
                            "Sec-WebSocket-Protocol",
                            "openai-organization.o,openai-insecure-api-key.key-one,openai-agents-sdk.1"
                        ),
                    ], "realtime"
                ),
                ([("Sec-WebSocket-Protocol", "openai-insecure-api-key.key-one")], nil),
                ([("Authorization", "Bearer key-one"), ("api-key", "wrong")], nil),
            ]
            for (headers, answer) in good {
                let socket = try await RawWebSocket.connect(gateway.http, headers: headers, host: "any.example")
                #expect(socket.headers["sec-websocket-protocol"] == answer, "\(headers)")
                #expect(try await socket.receive().string == "session", "\(headers)")
            }
        }
    }

    @Test("A wrong or missing key is told so by an event and closed with 3000")
    func wrongKeys() async throws {
        try await RunningGateway.with(["--auth-keys", "key-one"]) { gateway in
            for headers in [
                [], [("Authorization", "Bearer key-on")], [("Authorization", "Basic key-one")], [("api-key", "")],
                [("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.no")],
                [("Authorization", "Bearer wrong"), ("api-key", "key-one")],
            ] as [[(String, String)]] {
                let socket = try await RawWebSocket.connect(gateway.http, headers: headers)
                let event = try await socket.receive()
                #expect(event.json["type"] as? String == "error", "\(headers)")
                #expect(event.error["code"] as? String == "invalid_api_key")
                #expect(Set(event.error.keys) == ["type", "code", "message", "param", "event_id"])
                let close = try #require(try await socket.receiveClose())
                #expect(close.closeCode == 3000)
                #expect(close.closeReason == "invalid_request_error.invalid_api_key")
            }
            #expect(gateway.sessions.configurations.isEmpty)
        }
    }

    @Test("Without keys a foreign Host or Origin gets an HTTP answer, and a loopback page a session")
    func foreign() async throws {
        try await RunningGateway.with { gateway in
            for (origin, host) in [("https://evil.example", "localhost"), ("http://localhost", "evil.example")] {
                let error = await #expect(throws: RawWebSocket.Failure.self) {
                    _ = try await RawWebSocket.connect(gateway.http, headers: [("Origin", origin)], host: host)
                }
                guard case .refused(let response) = error else { throw RawWebSocket.Failure.ended }
                #expect(response.status == 403)
            }
            let page = try await RawWebSocket.connect(gateway.http, headers: [("Origin", "http://localhost:8080")])
            #expect(try await page.receive().string == "session")
        }
    }

    @Test("An upgrade that is not ours gets a whole HTTP answer and its connection is closed")
    func refused() async throws {
        try await RunningGateway.with { gateway in
            let version = String(decoding: RawWebSocket.handshake("/v1/realtime?model=m"), as: UTF8.self)
                .replacingOccurrences(of: "Version: 13", with: "Version: 8")
            let body =
                "POST /v1/realtime/calls HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\nContent-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0"
            for (bytes, status) in [
                (RawWebSocket.handshake("/v1/other"), 404), (RawWebSocket.handshake("/health"), 200),
                (RawWebSocket.handshake("/v1/realtime/calls"), 405), (Array(version.utf8), 426),
                (Array(body.utf8), 201),
            ] {
                let response = try await gateway.http.exchange(bytes, untilClose: true)
                #expect(response.status == status)
                #expect(response.headers["connection"] == "close")
                #expect(response.closed)
            }
            let plain = try await gateway.http.send("GET", "/v1/realtime")
            #expect(plain.status == 426)
            #expect(plain.headers["sec-websocket-version"] == "13")
        }
    }

    @Test("A request behind a refused upgrade is not answered, one before an upgrade is, and the upgrade is not taken")
    func secondRequest() async throws {
        try await RunningGateway.with { gateway in
            let get = Array("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
            let refused = try await gateway.http.exchangeAll(RawWebSocket.handshake("/v1/other") + get)
            #expect(refused.map(\.status) == [404])
            let late = try await gateway.http.exchangeAll(get + RawWebSocket.handshake("/v1/realtime?model=m"))
            #expect(late.map(\.status) == [200, 426])
            #expect(late.last?.closed == true)
            let kept = try await gateway.http.exchangeAll(
                get + get + Array("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8))
            #expect(kept.map(\.status) == [200, 200, 200])
        }
    }

    @Test("Bytes that are no HTTP are answered 400 before the first request too")
    func notHTTP() async throws {
        try await RunningGateway.with { gateway in
            let response = try await gateway.http.exchange(Array("\0\0\0 nonsense\r\n\r\n".utf8), untilClose: true)
            #expect(response.status == 400)
            #expect(response.closed)
        }
    }

    @Test("REST answers under each prefix too, and files keep their names")
    func aliases() async throws {
        try await RunningGateway.with { gateway in
            for path in ["/realtime/calls", "/openai/realtime/calls", "/openai/v1/realtime/calls?model=x"] {
                let placed = try await gateway.place(path: path)
                #expect(placed.status == 201)
                #expect(placed.headers["location"]?.hasPrefix("/v1/realtime/calls/rtc_") == true)
            }
            for path in ["/v1x/realtime/calls", "/openai2/realtime/calls", "/openai/v1/openai/v1/realtime/calls"] {
                #expect(try await gateway.place(path: path).status == 404)
            }
        }
    }
}
