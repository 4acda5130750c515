import Foundation
package import SpeechEngines

/// A Realtime endpoint elsewhere: where it is, which model of it, and the key that opens it.
package struct UpstreamEndpoint: Sendable {
    /// Without the query: `wss://api.example.com/v1/realtime`.
    package let address: String
    /// Asked for as `?model=`.
    package let model: String
    /// Sent as `Authorization: Bearer`; never told to a client.
    package let key: ServerKey?

    /// Of `ws(s)://host:port/path#MODEL`; without a path `/v1/realtime` is meant. Nil for anything else.
    package init?(_ text: String, key: ServerKey?) {
        guard let url = URLComponents(string: text), ["ws", "wss"].contains(url.scheme), let host = url.host,
            !host.isEmpty, url.user == nil, url.query == nil, let model = url.fragment, !model.isEmpty
        else { return nil }
        var base = url
        base.fragment = nil
        while base.path.hasSuffix("/") { base.path.removeLast() }
        if base.path.isEmpty { base.path = "/v1/realtime" }
        guard let address = base.string else { return nil }
        self.address = address
        self.model = model
        self.key = key
    }
}
