import Foundation
import GatewayServer
import Testing

@Suite("Who may call")
struct AccessTests {
    private static let upgrade = [
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    @Test(
        "Without keys every loopback name is answered, with any port",
        arguments: ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "127.9.9.9", "[::1]", "[::1]:8443"])
    func loopbackHosts(host: String) async throws {
        try await RunningGateway.with { gateway async throws in
            #expect(try await gateway.place(host: host).status == 201)
        }
    }

    @Test(
        "Without keys a foreign Host is refused everywhere, an upgrade included",
        arguments: ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "10.0.0.1", "", "[::2]"])
    func foreignHosts(host: String) async throws {
        try await RunningGateway.with { gateway in
            for response in [
                try await gateway.place(host: host),
                try await gateway.http.send("GET", "/", host: host),
                try await gateway.http.send("GET", "/v1/realtime?model=m", headers: Self.upgrade, host: host),
                try await gateway.http.send("OPTIONS", "/v1/realtime/calls", host: host),
            ] {
                #expect(response.status == 403)
                #expect(response.error["code"] as? String == "host_not_allowed")
                #expect((response.error["message"] as? String)?.contains("http.allowed-hosts") == true)
            }
            #expect(await gateway.calls.requests.isEmpty)
        }
    }

    @Test("Without keys a foreign or null Origin is refused, an upgrade included")
    func foreignOrigins() async throws {
        try await RunningGateway.with { gateway in
            for origin in ["https://evil.example", "null", "http://localhost.evil.example", "file://", "x"] {
                let refused = try await gateway.place([("Content-Type", "application/sdp"), ("Origin", origin)])
                #expect(refused.status == 403)
                #expect(refused.error["code"] as? String == "origin_not_allowed")
                #expect((refused.error["message"] as? String)?.contains("http.allowed-origins") == true)
                let upgrade = try await gateway.http.send(
                    "GET", "/v1/realtime", headers: Self.upgrade + [("Origin", origin)], untilClose: true)
                #expect(upgrade.status == 403)
                #expect(upgrade.closed)
            }
            for origin in ["http://localhost:3000", "https://127.0.0.1:8443", "http://[::1]:8080"] {
                #expect(
                    try await gateway.place([("Content-Type", "application/sdp"), ("Origin", origin)]).status == 201)
            }
        }
    }

    @Test("Listed hosts and origins are let in")
    func listed() async throws {
        let arguments = [
            "--http-allowed-hosts", "gateway.example", "--http-allowed-origins", "https://app.example,null",
        ]
        try await RunningGateway.with(arguments) { gateway async throws in
            #expect(try await gateway.place(host: "Gateway.example:8080").status == 201)
            for origin in ["https://app.example", "null"] {
                #expect(
                    try await gateway.place([("Content-Type", "application/sdp"), ("Origin", origin)]).status == 201)
            }
            #expect(try await gateway.place(host: "other.example").status == 403)
        }
    }

    @Test("With keys only a right bearer gets through; Host and Origin no longer matter")
    func keys() async throws {
        try await RunningGateway.with(["--auth-keys", "key-one,key-two"]) { gateway in
            let sdp = ("Content-Type", "application/sdp")
            for authorization in ["Bearer key-one", "bearer key-two"] {
                let headers = [sdp, ("Authorization", authorization), ("Origin", "https://any.example")]
                #expect(try await gateway.place(headers, host: "any.example").status == 201)
            }
            for authorization in [
                "", "Bearer", "Bearer ", "Bearer key-on", "Bearer key-one2", "Basic key-one", "key-one",
            ] {
                let refused = try await gateway.place([sdp, ("Authorization", authorization)])
                #expect(refused.status == 401, "\(authorization)")
                #expect(refused.error["code"] as? String == "invalid_api_key")
                #expect(refused.headers["www-authenticate"] == "Bearer")
            }
            #expect(try await gateway.place([sdp]).status == 401)
            #expect(try await gateway.http.send("GET", "/v1/realtime").status == 401)
            #expect(try await gateway.http.send("GET", "/metrics").status == 401)
            for path in ["/health", "/ready"] {
                #expect(try await gateway.http.send("GET", path).status == 200)
            }
            #expect(try await gateway.http.send("OPTIONS", "/v1/realtime/calls").status == 204)
        }
    }

    @Test("A file of keys is read line by line without comments")
    func keysFile() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("keys", "# ours\n\n  file-key  \n")
        try await RunningGateway.with(["--auth-keys-file", file]) { gateway async throws in
            let sdp = ("Content-Type", "application/sdp")
            #expect(try await gateway.place([sdp, ("Authorization", "Bearer file-key")]).status == 201)
            #expect(try await gateway.place([sdp, ("Authorization", "Bearer # ours")]).status == 401)
        }
    }

    @Test("A preflight allows what was asked for and Location is exposed")
    func crossOrigin() async throws {
        try await RunningGateway.with { gateway in
            for path in [
                "/v1/realtime/calls", "/v1/realtime", "/v1/realtime/calls/rtc_x/hangup", "/v1/unknown", "/health",
            ] {
                let preflight = try await gateway.http.send(
                    "OPTIONS", path,
                    headers: [
                        ("Origin", "http://localhost:3000"), ("Access-Control-Request-Method", "POST"),
                        ("Access-Control-Request-Headers", "x-custom-thing"),
                    ])
                #expect(preflight.status == 204)
                #expect(preflight.headers["access-control-allow-origin"] == "*")
                #expect(preflight.headers["access-control-allow-methods"]?.contains("POST") == true)
                let allowed = try #require(preflight.headers["access-control-allow-headers"])
                for name in ["Authorization", "Content-Type", "X-OpenAI-Agents-SDK", "OpenAI-Beta", "x-custom-thing"] {
                    #expect(allowed.contains(name))
                }
            }
            let answer = try await gateway.place([
                ("Content-Type", "application/sdp"), ("Origin", "http://localhost:3000"),
            ])
            #expect(answer.headers["access-control-allow-origin"] == "*")
            #expect(answer.headers["access-control-expose-headers"]?.contains("Location") == true)
        }
    }
}
