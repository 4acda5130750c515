import Foundation
import GatewayServer
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import Testing
import VoiceSession

@Suite("WebSockets to upstreams")
struct UpstreamWebSocketTests {
    private func endpoint(_ text: String, key: String? = nil, ca: String? = nil) throws -> UpstreamEndpoint {
        try #require(UpstreamEndpoint(text, key: key.map { Credential($0) }, certificates: ca))
    }

    /// The text of the next message.
    private func hear(_ socket: any UpstreamSocket) async -> String? {
        while let input = await socket.nextInput() {
            if case .message(let message) = input, case .text(let bytes) = message.payload {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        return nil
    }

    /// What becomes of an attempt.
    private func failure(_ endpoint: UpstreamEndpoint) async -> String? {
        do throws(EngineFailure) {
            try await UpstreamWebSocketConnector().connect(to: endpoint, isTranscription: false).close()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("Messages go both ways, masked as a client's, long ones too; the key and the model arrive")
    func messages() async throws {
        let keys = ["--auth-keys", "sk-upstream"]
        try await RunningGateway.with(keys) { gateway in
            let address = "ws://127.0.0.1:\(gateway.http.port)/v1/realtime#big"
            let socket = try await UpstreamWebSocketConnector()
                .connect(to: try endpoint(address, key: "sk-upstream"), isTranscription: false)
            #expect(await hear(socket) == "session")
            socket.send(Array("hello".utf8))
            #expect(await hear(socket) == "hello")
            socket.send([UInt8](repeating: UInt8(ascii: "a"), count: 300_000))
            #expect(await hear(socket) == "text 300000")
            #expect(gateway.sessions.configurations.map(\.model) == ["big"])
            socket.close()
            #expect(await hear(socket) == nil)
            #expect(await gateway.sessions.departures(1) == [.goodbye])
        }
    }

    @Test("A close of the upstream ends the socket")
    func closed() async throws {
        try await RunningGateway.with { gateway in
            let address = "ws://127.0.0.1:\(gateway.http.port)#m"
            let socket = try await UpstreamWebSocketConnector()
                .connect(to: try endpoint(address), isTranscription: true)
            #expect(await hear(socket) == "session")
            socket.send(Array("expire".utf8))
            #expect(await hear(socket) == nil)
            #expect(gateway.sessions.configurations.map(\.kind) == [.transcription])
        }
    }

    @Test("TLS is verified: with the authority that is configured a certificate is trusted, without it not")
    func tls() async throws {
        let directory = try TemporaryDirectory()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let certificates = directory.path + "/certs"
        _ = try await Tool.run("/bin/bash", [root + "/Certs/make-certificates.sh", "-d", certificates])
        try await RunningGateway.with([
            "--https-certificate", certificates + "/server.pem", "--https-private-key", certificates + "/server.key",
            "--https-hosts", "127.0.0.1",
        ]) { gateway in
            let port = try #require(gateway.addresses.first { $0.scheme == .https }).port
            let ca = certificates + "/ca.pem"
            let socket = try await UpstreamWebSocketConnector()
                .connect(to: try endpoint("wss://localhost:\(port)#m", ca: ca), isTranscription: false)
            #expect(await hear(socket) == "session")
            socket.close()
            let address = try endpoint("wss://localhost:\(port)#m")
            #expect(await failure(address) == "engine_unreachable")
        }
    }

    @Test("What is no Realtime service is told by its answer")
    func refusals() async throws {
        try await RunningGateway.with { gateway in
            let port = gateway.http.port
            let elsewhere = try endpoint("ws://127.0.0.1:\(port)/elsewhere#m")
            #expect(await failure(elsewhere) == "engine_model_not_found")
            let health = try endpoint("ws://127.0.0.1:\(port)/health#m")
            #expect(await failure(health) == "engine_error")
        }
    }

    @Test("Nobody listens: told at once")
    func nobody() async throws {
        let port = try await RunningGateway.freePort()
        let address = try endpoint("ws://127.0.0.1:\(port)#m")
        #expect(await failure(address) == "engine_unreachable")
    }

    @Test("An attempt that is cancelled ends, whether anybody answers or not")
    func cancelled() async throws {
        try await SilentListener.with { port in
            let endpoint = try endpoint("ws://127.0.0.1:\(port)#m")
            let attempt = Task { await failure(endpoint) }
            attempt.cancel()
            #expect(await attempt.value == "engine_unreachable")
        }
    }
}

extension RunningGateway {
    /// A port where a gateway has just stopped listening.
    fileprivate static func freePort() async throws -> Int {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await with { gateway in port.yield(Int(gateway.http.port)) }
        for await found in ports { return found }
        return 0
    }
}

/// Takes connections and says nothing.
private enum SilentListener {
    static func with(_ body: (UInt16) async throws -> Void) async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw -> UInt16 in
                guard bind(listener, raw, length) == 0, listen(listener, 8) == 0,
                    getsockname(listener, raw, &length) == 0
                else { return 0 }
                return UInt16(
                    bigEndian: raw.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_port })
            }
        }
        try await body(port)
    }
}
