import AudioPipeline
import Foundation
import LoadGenerator

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Janus's HTTP API, as far as a call needs it.
struct JanusServer: Sendable {
    let base: URL

    /// For any one request; Janus holds a poll without an event for 30 s.
    private static let requestSeconds = 5.0

    func ping() async throws { _ = try await post(base, ["janus": "info"]) }

    /// A session of its own with one handle of a plugin.
    func attach(_ plugin: String) async throws -> JanusHandle {
        let session = base.appending(path: String(try await create(base, ["janus": "create"])))
        let handle = try await create(session, ["janus": "attach", "plugin": plugin])
        return JanusHandle(server: self, session: session, address: session.appending(path: String(handle)))
    }

    private func create(_ url: URL, _ body: [String: Any]) async throws -> Int {
        let reply = try await post(url, body)
        guard let id = (reply["data"] as? [String: Any])?["id"] as? Int else {
            throw SignallingError.unexpected("Janus: \(reply)")
        }
        return id
    }

    fileprivate func post(_ url: URL, _ body: [String: Any]) async throws -> [String: Any] {
        var request = URLRequest(url: url, timeoutInterval: Self.requestSeconds)
        request.httpMethod = "POST"
        request.httpBody = try JSONSerialization.data(
            withJSONObject: body.merging(["transaction": "t"]) { old, _ in old })
        return try await reply(to: request)
    }

    /// The session's next event.
    fileprivate func poll(_ session: URL) async throws -> [String: Any] {
        let url = session.appending(queryItems: [.init(name: "maxev", value: "1")])
        return try await reply(to: URLRequest(url: url, timeoutInterval: Self.requestSeconds))
    }

    private func reply(to request: URLRequest) async throws -> [String: Any] {
        let (data, _) = try await URLSession.shared.data(for: request)
        let reply = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
        if let error = reply["error"] { throw SignallingError.unexpected("Janus: \(error)") }
        return reply
    }
}

/// A plugin's end of one call.
struct JanusHandle: Sendable {
    fileprivate let server: JanusServer
    fileprivate let session: URL
    fileprivate let address: URL

    /// Asks the plugin for something; what comes of it is an event.
    func ask(_ body: [String: Any], offer: String? = nil) async throws {
        var message: [String: Any] = ["janus": "message", "body": body]
        if let offer { message["jsep"] = ["type": "offer", "sdp": offer] }
        _ = try await server.post(address, message)
    }

    /// The answer, which is in one of the next events.
    func answer() async throws -> String {
        for _ in 0..<5 {
            let event = try await server.poll(session)
            if let answer = (event["jsep"] as? [String: Any])?["sdp"] as? String { return answer }
        }
        throw SignallingError.unexpected("Janus gave no answer")
    }
}

/// A call to EchoTest, which sends packets back without a codec.
struct EchoTestSignalling: Signalling {
    let server: JanusServer

    func exchange(offer: String) async throws -> String {
        let handle = try await server.attach("janus.plugin.echotest")
        try await handle.ask(["audio": true, "video": false], offer: offer)
        return try await handle.answer()
    }
}

/// A call to AudioBridge, which decodes, mixes and encodes: two and two share a room, so that each hears the other. Encoded as Parley does
/// by default: 24 kHz, 32 kbit/s, complexity 5.
final class AudioBridgeSignalling: Signalling {
    private let server: JanusServer
    private let calls = PosixLock(0)

    init(server: JanusServer) { self.server = server }

    func exchange(offer: String) async throws -> String {
        let number = calls.withLock { calls in
            defer { calls += 1 }
            return calls
        }
        let room = 1_000 + number / 2
        let handle = try await server.attach("janus.plugin.audiobridge")
        if number.isMultiple(of: 2) {
            try await handle.ask(["request": "create", "room": room, "sampling_rate": 24_000])
        }
        try await handle.ask(["request": "join", "room": room, "quality": 5, "bitrate": 32_000])
        try await handle.ask(["request": "configure", "muted": false], offer: offer)
        return try await handle.answer()
    }
}
