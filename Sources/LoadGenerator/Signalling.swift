package import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// How a synthetic peer's offer becomes an answer.
package protocol Signalling: Sendable {
    /// Posts an offer; returns the SDP answer.
    func exchange(offer: String) async throws -> String
}

/// Why a call was not answered.
package enum SignallingError: Error, Equatable {
    /// The server's status and the start of its body.
    case refused(status: Int, body: String)
    case unexpected(String)
}

/// `POST /v1/realtime/calls` with a raw offer, as every WebRTC client of the Realtime API places its call.
package struct RealtimeSignalling: Signalling {
    /// Above the server's own longest wait for STUN and TURN.
    private static let limitSeconds = 15.0

    private let url: URL
    private let key: String?
    private let session: URLSession

    /// `server`: scheme, host and port. `model`: the engine to be called; nil leaves it to the server. `connections`: how many
    /// calls may be placed at once, beyond which they wait here; nil for as many as a browser has.
    package init(server: URL, model: String? = nil, key: String? = nil, connections: Int? = nil) {
        let calls = server.appending(path: "v1/realtime/calls")
        url = model.map { calls.appending(queryItems: [URLQueryItem(name: "model", value: $0)]) } ?? calls
        self.key = key
        guard let connections else {
            session = .shared
            return
        }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = connections
        session = URLSession(configuration: configuration)
    }

    package func exchange(offer: String) async throws -> String {
        var request = URLRequest(url: url, timeoutInterval: Self.limitSeconds)
        request.httpMethod = "POST"
        request.setValue("application/sdp", forHTTPHeaderField: "Content-Type")
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        request.httpBody = Data(offer.utf8)
        let (body, response) = try await session.data(for: request)
        let text = String(decoding: body, as: UTF8.self)
        guard let status = (response as? HTTPURLResponse)?.statusCode, status == 201 else {
            throw SignallingError.refused(
                status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: String(text.prefix(200)))
        }
        return text
    }
}
