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
    private let url: URL
    private let key: String?

    /// `server`: scheme, host and port.
    package init(server: URL, key: String? = nil) {
        url = server.appending(path: "v1/realtime/calls")
        self.key = key
    }

    package func exchange(offer: String) async throws -> String {
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.setValue("application/sdp", forHTTPHeaderField: "Content-Type")
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        request.httpBody = Data(offer.utf8)
        let (body, response) = try await URLSession.shared.data(for: request)
        let text = String(decoding: body, as: UTF8.self)
        guard let status = (response as? HTTPURLResponse)?.statusCode, status == 201 else {
            throw SignallingError.refused(
                status: (response as? HTTPURLResponse)?.statusCode ?? 0, body: String(text.prefix(200)))
        }
        return text
    }
}
