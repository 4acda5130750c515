import Foundation
import LoadGenerator

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Janus's HTTP API: a session and a handle for each call, the offer as a message, the answer as an event.
struct JanusSignalling: Signalling {
    let base: URL

    /// For any one request; Janus holds a poll without an event for 30 s.
    private static let requestSeconds = 5.0

    func ping() async throws { _ = try await post(base, ["janus": "info"]) }

    func exchange(offer: String) async throws -> String {
        let session = base.appending(path: String(try await create(base, ["janus": "create"])))
        let handle = try await create(session, ["janus": "attach", "plugin": "janus.plugin.echotest"])
        _ = try await post(
            session.appending(path: String(handle)),
            [
                "janus": "message", "body": ["audio": true, "video": false],
                "jsep": ["type": "offer", "sdp": offer],
            ])
        for _ in 0..<5 {
            let event = try await poll(session)
            if let answer = (event["jsep"] as? [String: Any])?["sdp"] as? String { return answer }
        }
        throw SignallingError.unexpected("Janus gave no answer")
    }

    private func create(_ url: URL, _ body: [String: Any]) async throws -> Int {
        let reply = try await post(url, body)
        guard let id = (reply["data"] as? [String: Any])?["id"] as? Int else {
            throw SignallingError.unexpected("Janus: \(reply)")
        }
        return id
    }

    private func post(_ url: URL, _ body: [String: Any]) async throws -> [String: Any] {
        var request = URLRequest(url: url, timeoutInterval: Self.requestSeconds)
        request.httpMethod = "POST"
        request.httpBody = try JSONSerialization.data(
            withJSONObject: body.merging(["transaction": "t"]) { old, _ in old })
        return try await reply(to: request)
    }

    /// The session's next event.
    private func poll(_ session: URL) async throws -> [String: Any] {
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
