import Foundation
import GatewayServer
import RealtimeProtocol
import Testing
import VoiceSession

@Suite("Client secrets over HTTP")
struct ClientSecretRoutesTests {
    private static let keys = ["--auth-keys", "key-one"]
    private static let path = "/v1/realtime/client_secrets"

    private func secret(_ gateway: RunningGateway, _ body: String = "") async throws -> String {
        let (response, members) = try await gateway.json(Self.path, body, key: "key-one")
        #expect(response.status == 200)
        return try #require(members["value"] as? String)
    }

    @Test("The answer has the secret, its expiry and the session in full")
    func create() async throws {
        try await RunningGateway.with { gateway in
            let body =
                #"{"expires_after":{"anchor":"created_at","seconds":10},"session":{"type":"realtime","model":"m","instructions":"hi"}}"#
            let before = Int(Date().timeIntervalSince1970)
            let (response, members) = try await gateway.json(Self.path, body)
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "application/json")
            #expect((members["value"] as? String)?.hasPrefix("ek_") == true)
            #expect((before + 10...before + 70).contains(members["expires_at"] as? Int ?? 0))
            let session = try #require(members["session"] as? [String: Any])
            #expect((session["id"] as? String)?.hasPrefix("sess_") == true)
            #expect(session["object"] as? String == "realtime.session")
            #expect(session["expires_at"] as? Int == 0)
            #expect(session["model"] as? String == "m")
            #expect(session["instructions"] as? String == "hi")
            #expect(session["audio"] is [String: Any])
        }
    }

    @Test("An empty body, no session, or a transcription session will do", arguments: ["", "{}", #"{"session":null}"#])
    func defaults(body: String) async throws {
        try await RunningGateway.with { gateway in
            let now = Int(Date().timeIntervalSince1970)
            let (_, members) = try await gateway.json(Self.path, body)
            #expect((now + 600...now + 660).contains(members["expires_at"] as? Int ?? 0))
            #expect((members["session"] as? [String: Any])?["model"] as? String == ScriptedSessions.defaultModel)
            let (_, other) = try await gateway.json(Self.path, #"{"session":{"type":"transcription"}}"#)
            #expect((other["session"] as? [String: Any])?["object"] as? String == "realtime.transcription_session")
        }
    }

    @Test(
        "What is wrong is 400 with the field's path",
        arguments: [
            (#"{"expires_after":{"seconds":9}}"#, "expires_after.seconds"),
            (#"{"expires_after":{"seconds":7201}}"#, "expires_after.seconds"),
            (#"{"expires_after":{"anchor":"now","seconds":60}}"#, "expires_after.anchor"),
            (#"{"expires_after":60}"#, "expires_after"), (#"{"session":{"type":"translation"}}"#, "session.type"),
            (#"{"session":{"max_output_tokens":0}}"#, "session.max_output_tokens"), ("[1]", nil), ("{", nil),
        ] as [(String, String?)])
    func wrong(body: String, param: String?) async throws {
        try await RunningGateway.with { gateway in
            let (response, _) = try await gateway.json(Self.path, body)
            #expect(response.status == 400)
            #expect(response.error["param"] as? String == param)
            #expect(response.error.count == 4)
        }
    }

    @Test("The legacy endpoints answer with a flat session, its secret inside and good for a minute")
    func legacy() async throws {
        try await RunningGateway.with(Self.keys) { gateway in
            let now = Int(Date().timeIntervalSince1970)
            let (_, session) = try await gateway.json(
                "/v1/realtime/sessions", #"{"model":"m","voice":"verse","modalities":["text"]}"#, key: "key-one")
            #expect(session["voice"] as? String == "verse")
            #expect(session["input_audio_format"] as? String == "pcm16")
            let secret = try #require(session["client_secret"] as? [String: Any])
            #expect((now + 60...now + 120).contains(secret["expires_at"] as? Int ?? 0))
            let value = try #require(secret["value"] as? String)
            let placed = try await gateway.place(
                [("Content-Type", "application/sdp"), ("Authorization", "Bearer \(value)")], path: "/v1/realtime")
            #expect(placed.status == 201)
            #expect(await gateway.calls.requests.first?.profile.dialect == .beta)
            #expect(gateway.sessions.configurations.first?.outputModality == .text)
            let (_, other) = try await gateway.json("/v1/realtime/transcription_sessions", "", key: "key-one")
            #expect((other["client_secret"] as? [String: Any])?["value"] is String)
            let (bad, _) = try await gateway.json("/v1/realtime/sessions", #"{"modalities":["x"]}"#, key: "key-one")
            #expect(bad.status == 400)
            #expect(bad.error["param"] as? String == "modalities")
        }
    }

    @Test("A secret starts sessions of its configuration, on a WebSocket by each form of key and as a call")
    func starts() async throws {
        try await RunningGateway.with(Self.keys) { gateway in
            let secret = try await secret(
                gateway, #"{"session":{"type":"realtime","model":"of-secret","instructions":"hi"}}"#)
            for headers in [
                [("Authorization", "Bearer \(secret)")], [("api-key", secret)],
                [("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.\(secret)")],
            ] {
                let socket = try await RawWebSocket.connect(gateway.http, "/v1/realtime?model=other", headers: headers)
                #expect(try await socket.receive().string == "session")
            }
            let sdp = [("Content-Type", "application/sdp"), ("Authorization", "Bearer \(secret)")]
            #expect(try await gateway.place(sdp).status == 201)
            #expect(gateway.sessions.configurations.map(\.model) == Array(repeating: "of-secret", count: 4))
            #expect(gateway.sessions.configurations.allSatisfy { $0.instructions == "hi" })
        }
    }

    @Test("A secret without a model takes that of the address, and needs none")
    func model() async throws {
        try await RunningGateway.with(Self.keys) { gateway in
            let headers = [("Authorization", "Bearer \(try await secret(gateway))")]
            for path in ["/v1/realtime?model=m", "/v1/realtime"] {
                let socket = try await RawWebSocket.connect(gateway.http, path, headers: headers)
                #expect(try await socket.receive().string == "session")
            }
            #expect(gateway.sessions.configurations.map(\.model) == ["m", ScriptedSessions.defaultModel])
        }
    }

    @Test("A form may change the secret's session but not its kind")
    func override() async throws {
        try await RunningGateway.with { gateway in
            let secret = try await secret(
                gateway, #"{"session":{"model":"m","instructions":"a","audio":{"output":{"voice":"sage"}}}}"#)
            for (body, status) in [(#"{"instructions":"b"}"#, 201), (#"{"type":"transcription"}"#, 400)] {
                let form =
                    "--b\r\nContent-Disposition: form-data; name=\"sdp\"\r\n\r\nv=0\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"session\"\r\n\r\n\(body)\r\n--b--\r\n"
                let placed = try await gateway.place(
                    [("Content-Type", "multipart/form-data; boundary=b"), ("Authorization", "Bearer \(secret)")],
                    body: form)
                #expect(placed.status == status)
            }
            #expect(gateway.sessions.configurations.map(\.instructions) == ["b"])
            #expect(gateway.sessions.configurations.map(\.output.voice) == [.named("sage")])
        }
    }

    @Test("A secret may do nothing that needs a key", arguments: [path, "/v1/realtime/sessions"])
    func limited(path: String) async throws {
        try await RunningGateway.with(Self.keys) { gateway in
            let secret = try await secret(gateway)
            let (response, _) = try await gateway.json(path, key: secret)
            #expect(response.status == 403)
            #expect(response.error["code"] as? String == "key_required")
            #expect(try await gateway.json("/metrics", method: "GET", key: secret).response.status == 403)
            #expect(try await gateway.json("/v1/models", method: "GET", key: secret).response.status == 200)
        }
    }

    @Test("A forged secret is 401 and 3000, with keys and without", arguments: [[], keys])
    func forged(arguments: [String]) async throws {
        try await RunningGateway.with(arguments) { gateway in
            let headers = [("Content-Type", "application/sdp"), ("Authorization", "Bearer ek_forged")]
            let placed = try await gateway.place(headers)
            #expect(placed.status == 401)
            #expect(placed.error["code"] as? String == "invalid_api_key")
            let socket = try await RawWebSocket.connect(gateway.http, headers: [("Authorization", "Bearer ek_forged")])
            #expect(try await socket.receive().error["code"] as? String == "invalid_api_key")
            #expect(try await socket.receiveClose()?.closeCode == 3000)
            #expect(gateway.metrics.render().contains(#"gateway_auth_failures_total{cause="forged"} 2"#))
        }
    }

    @Test("Two servers with one secret key take each other's secrets; a third does not")
    func twoServers() async throws {
        let shared = Self.keys + ["--auth-secret-key", "0123456789abcdef0123456789abcdef"]
        try await RunningGateway.with(shared) { one in
            let secret = try await secret(one)
            let headers = [("Content-Type", "application/sdp"), ("Authorization", "Bearer \(secret)")]
            try await RunningGateway.with(shared) { two async throws in
                #expect(try await two.place(headers).status == 201)
            }
            try await RunningGateway.with(Self.keys) { other async throws in
                #expect(try await other.place(headers).status == 401)
            }
        }
    }

    @Test("A sideband joins a running call; a secret only a call that it made, which also it alone may hang up")
    func sideband() async throws {
        try await RunningGateway.with(Self.keys) { gateway in
            let (mine, other) = (try await secret(gateway), try await secret(gateway))
            let placed = try await gateway.place([
                ("Content-Type", "application/sdp"), ("Authorization", "Bearer \(mine)"),
            ])
            let call = try #require(placed.headers["location"]?.split(separator: "/").last)
            for (key, greeting) in [("key-one", "sideband"), (mine, "sideband"), (other, nil)] {
                let socket = try await RawWebSocket.connect(
                    gateway.http, "/v1/realtime?call_id=\(call)", headers: [("Authorization", "Bearer \(key)")])
                let frame = try await socket.receive()
                #expect(greeting == nil ? frame.error["code"] as? String == "call_not_found" : frame.string == greeting)
            }
            let path = "/v1/realtime/calls/\(call)/hangup"
            #expect(try await gateway.json(path, key: other).response.status == 404)
            #expect(try await gateway.json(path, key: mine).response.status == 200)
            #expect(try await gateway.json(path, key: "key-one").response.status == 404)
        }
    }

    @Test("A session over the limit is 503 with Retry-After as a call, and an event and 1013 on a WebSocket")
    func full() async throws {
        try await RunningGateway.with(["--session-max-count", "1"]) { gateway in
            let first = try await RawWebSocket.connect(gateway.http)
            #expect(try await first.receive().string == "session")
            let second = try await RawWebSocket.connect(gateway.http)
            #expect(try await second.receive().error["code"] as? String == "sessions_full")
            #expect(try await second.receiveClose()?.closeCode == 1013)
            let refused = try await gateway.place()
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "10")
            try await first.sendClose(1000)
            _ = try await first.receiveClose()
            var placed = try await gateway.place()
            while placed.status == 503 { placed = try await gateway.place() }
            #expect(placed.status == 201)
        }
    }

    @Test(
        "Without time for another session a call is 503 with Retry-After, a WebSocket an event and 1013; others go on")
    func overloaded() async throws {
        try await RunningGateway.with { gateway in
            let first = try await RawWebSocket.connect(gateway.http)
            #expect(try await first.receive().string == "session")
            gateway.sessions.refuseAll("Busy.")
            let second = try await RawWebSocket.connect(gateway.http)
            let error = try await second.receive().error
            #expect(error["code"] as? String == "server_overloaded")
            #expect(error["message"] as? String == "Busy.")
            #expect(try await second.receiveClose()?.closeCode == 1013)
            let refused = try await gateway.place()
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "5")
            try await first.send("words")
            #expect(try await first.receive().string == "words")
            gateway.sessions.refuseAll(nil)
            #expect(try await gateway.place().status == 201)
        }
    }
}
