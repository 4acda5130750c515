import Foundation
package import RealtimeProtocol

/// A Realtime service elsewhere to which an engine passes its sessions: where it is, which model of it, and the key.
package struct UpstreamEndpoint: Sendable {
    package let isSecure: Bool
    package let host: String
    package let port: Int
    /// The service's name of the model; empty where the address alone says it.
    package let model: String
    /// Never told to a client.
    package let key: Credential?
    /// Path of a PEM file with certificates that are trusted besides the system's.
    package let certificates: String?

    private let path: String
    private let query: [URLQueryItem]

    /// Of `ws(s)://host:port/path?query#MODEL`; without a path `/v1/realtime` is meant. Nil for anything else.
    package init?(_ text: String, key: Credential? = nil, certificates: String? = nil) {
        guard let url = URLComponents(string: text), let scheme = url.scheme, ["ws", "wss"].contains(scheme),
            let host = url.host, !host.isEmpty, url.user == nil, (1...65535).contains(url.port ?? 1)
        else { return nil }
        isSecure = scheme == "wss"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = url.port ?? (isSecure ? 443 : 80)
        path = url.path.isEmpty || url.path == "/" ? "/v1/realtime" : url.path
        query = url.queryItems ?? []
        model = url.fragment ?? ""
        self.key = key
        self.certificates = certificates
    }

    /// What the request line asks for.
    package func target(isTranscription: Bool) -> String {
        var url = URLComponents()
        url.path = path
        var items = query
        if isTranscription {
            items.append(URLQueryItem(name: "intent", value: "transcription"))
        } else if !model.isEmpty {
            items.append(URLQueryItem(name: "model", value: model))
        }
        url.queryItems = items.isEmpty ? nil : items
        return url.string ?? path
    }

    /// The header that opens it; Azure has one of its own.
    package var authorization: (name: String, value: String)? {
        guard let key else { return nil }
        return host.hasSuffix(".azure.com") ? ("api-key", key.text) : ("Authorization", "Bearer \(key.text)")
    }
}
