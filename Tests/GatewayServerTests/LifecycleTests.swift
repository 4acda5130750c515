import Foundation
import GatewayServer
import Logging
import NIOConcurrencyHelpers
import ServiceLifecycle
import Testing

@Suite("Start and stop")
struct LifecycleTests {
    /// Writes down when it starts and is told to stop.
    private struct Diary: Service {
        let entries = NIOLockedValueBox<[String]>([])

        func note(_ text: String) { entries.withLockedValue { $0.append(text) } }

        func run() async throws {
            note("service started")
            await withGracefulShutdownHandler {
                try? await gracefulShutdown()
            } onGracefulShutdown: {
                note("service stopped")
            }
        }
    }

    @Test("A stop takes readiness back, finishes what runs, and only then stops the services below")
    func gracefulStop() async throws {
        let diary = Diary()
        try await RunningGateway.with(services: [diary]) { gateway in
            await gateway.calls.hold()
            let body = RunningGateway.offer
            let place =
                "POST /v1/realtime/calls HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sdp\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            let probe = "GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n"
            async let responses = gateway.http.exchangeAll(Array((place + probe).utf8))
            await gateway.calls.waitUntilHeld()
            await gateway.group.triggerGracefulShutdown()
            // The listener closes after readiness is gone.
            while (try? await gateway.http.send("GET", "/ready")) != nil { await Task.yield() }
            diary.note("released")
            await gateway.calls.release()
            let statuses = try await responses.map(\.status)
            #expect(statuses == [201, 503])
        }
        #expect(diary.entries.withLockedValue { $0 } == ["service started", "released", "service stopped"])
    }

    @Test("While a stop waits for the sessions there are, they go on and new ones are refused; then it goes through")
    func drain() async throws {
        try await RunningGateway.with(["--stop-drain-seconds", "30"]) { gateway in
            let socket = try await RawWebSocket.connect(gateway.http)
            #expect(try await socket.receive().string == "session")
            await gateway.group.triggerGracefulShutdown()
            while try await gateway.http.send("GET", "/ready").status == 200 { await Task.yield() }
            var refused = try await gateway.place()
            while refused.status == 201 { refused = try await gateway.place() }
            #expect(refused.status == 503)
            let second = try await RawWebSocket.connect(gateway.http)
            #expect(try await second.receive().error["code"] as? String == "not_ready")
            #expect(try await second.receiveClose()?.closeCode == 1001)
            try await socket.send("words")
            #expect(try await socket.receive().string == "words")
            try await socket.sendClose(1000)
            #expect(try await socket.receiveClose()?.closeCode == 1000)
        }
    }

    @Test("Sessions that are left when the time to drain is over are ended")
    func drained() async throws {
        try await RunningGateway.with(["--stop-drain-seconds", "1"]) { gateway in
            let socket = try await RawWebSocket.connect(gateway.http)
            #expect(try await socket.receive().string == "session")
            await gateway.group.triggerGracefulShutdown()
            #expect(try await socket.receiveClose()?.closeCode == 1001)
        }
    }

    /// Ends only when it is cancelled.
    private struct Stubborn: Service {
        func run() async throws {
            let (never, _) = AsyncStream.makeStream(of: Void.self)
            for await _ in never {}
            throw CancellationError()
        }
    }

    @Test("A service that does not end by itself is cancelled at the deadline")
    func deadline() async throws {
        let start = ContinuousClock.now
        try await RunningGateway.with(["--stop-deadline-seconds", "1"], services: [Stubborn()]) { _ in }
        #expect(ContinuousClock.now - start >= .seconds(1))
    }

    @Test("A taken port is an error that names the key")
    func takenPort() async throws {
        try await RunningGateway.with { gateway in
            let port = gateway.http.port
            await #expect {
                try await RunningGateway.with(["--http-port", String(port)]) { _ in }
            } throws: { error in
                guard case GatewayError.cannotListen(key: "http.port", let address, _) = error else { return false }
                return address == "127.0.0.1:\(port)"
            }
        }
    }

    @Test("Files that are no certificate stop the start and name the key")
    func badCertificate() async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("x.pem", "not PEM")
        await #expect {
            try await RunningGateway.with(["--https-certificate", file, "--https-private-key", file]) { _ in }
        } throws: { error in
            guard case GatewayError.badCertificate(key: "https.certificate", path: file, _) = error else {
                return false
            }
            return true
        }
    }

    @Test("A call is signalled over HTTPS with curl and nothing but the local authority")
    func https() async throws {
        let directory = try TemporaryDirectory()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let certificates = directory.path + "/certs"
        _ = try await Tool.run("/bin/bash", [root + "/Certs/make-certificates.sh", "-d", certificates])
        let offer = try directory.file("offer.sdp", RunningGateway.offer)
        try await RunningGateway.with([
            "--https-certificate", certificates + "/server.pem", "--https-private-key", certificates + "/server.key",
            "--https-ca-certificate", certificates + "/ca.pem", "--https-hosts", "127.0.0.1",
        ]) { gateway in
            let secure = try #require(gateway.addresses.first { $0.scheme == .https })
            let output = try await Tool.run(
                "/usr/bin/curl",
                [
                    "-sS", "-m", "20", "-i", "--cacert", certificates + "/ca.pem", "-H",
                    "Content-Type: application/sdp",
                    "--data-binary", "@" + offer, "https://localhost:\(secure.port)/v1/realtime/calls?model=m",
                ])
            #expect(output.hasPrefix("HTTP/1.1 201 Created"))
            #expect(output.contains("/v1/realtime/calls/rtc_"))
            #expect(output.hasSuffix(ScriptedCallService.answer))
            let banner = StartBanner(addresses: gateway.addresses, authority: certificates + "/ca.pem", loading: nil)
                .text
            for text in [
                "http://localhost:\(gateway.http.port)/", "https://localhost:\(secure.port)/v1",
                "SSL_CERT_FILE=\(certificates)/ca.pem", "NODE_EXTRA_CA_CERTS=\(certificates)/ca.pem", "/parley-ca.pem",
            ] {
                #expect(banner.contains(text), "\(text)")
            }
        }
    }

    @Test("Without a certificate HTTPS is off and the start says how to make one")
    func withoutCertificate() async throws {
        try await RunningGateway.with { gateway in
            #expect(gateway.addresses.map(\.scheme) == [.http])
            #expect(StartBanner(addresses: gateway.addresses, authority: "", loading: nil).text.contains("make certs"))
        }
    }
}
