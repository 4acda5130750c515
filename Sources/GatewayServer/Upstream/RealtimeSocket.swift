import Foundation
import RealtimeProtocol
import SessionEngine
import VoiceSession

/// A WebSocket to a Realtime server, for the commands that are clients themselves.
package struct RealtimeSocket: Sendable {
    /// Why there is none, in a sentence.
    package struct Failure: Error, Equatable {
        package var words: String
        /// Whether the server does not take the key, or wants one.
        package var wantsKey: Bool
        /// Whether the server says that it has no room.
        package var isFull = false
    }

    private let socket: any UpstreamSocket

    /// - Parameters:
    ///   - server: scheme (`http`, `https`, `ws` or `wss`), host and port; a path takes the place of `/v1/realtime`.
    ///   - model: the engine to talk to; every server wants a name.
    package static func open(_ server: String, model: String, key: String?) async throws(Failure) -> RealtimeSocket {
        guard let endpoint = endpoint(server, model: model, key: key) else {
            throw Failure(words: "It is no address of a server: http://host:port is one.", wantsKey: false)
        }
        do {
            return RealtimeSocket(
                socket: try await UpstreamWebSocketConnector().connect(to: endpoint, isTranscription: false))
        } catch {
            throw Failure(
                words: error.message.replacing("The upstream", with: "The server"),
                wantsKey: error.code == "engine_unauthorized", isFull: error.code == "engine_overloaded")
        }
    }

    /// The next event as JSON; nil once the socket has ended, or the task is cancelled. One caller at a time.
    package func next() async -> [UInt8]? {
        while let input = await socket.nextInput() {
            switch input {
            case .message(let message):
                if case .text(let text) = message.payload { return text }
            case .opened: break
            case .departed: return nil
            }
        }
        return nil
    }

    /// Queues an event, as JSON.
    package func send(_ event: [UInt8]) { socket.send(event) }

    /// Ends it, after what was sent. Idempotent.
    package func close() { socket.close() }

    /// What is ours on the wire is asked for (docs/extensions.md): others pass over it.
    static func endpoint(_ server: String, model: String, key: String?) -> UpstreamEndpoint? {
        var address = server
        for (web, socket) in [("http://", "ws://"), ("https://", "wss://")] where server.hasPrefix(web) {
            address = socket + server.dropFirst(web.count)
        }
        guard !address.contains("?"), !address.contains("#"),
            let name = model.addingPercentEncoding(withAllowedCharacters: .urlFragmentAllowed)
        else { return nil }
        return UpstreamEndpoint("\(address)?parley=1#\(name)", key: key.map { Credential($0) })
    }
}
