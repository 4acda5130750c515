import NIOCore
import SessionEngine
import VoiceSession

/// The client's end of a WebSocket to an upstream, as a session sees it.
final class UpstreamWebSocket: UpstreamSocket {
    private let transport: WebSocketSessionTransport

    init(_ transport: WebSocketSessionTransport) { self.transport = transport }

    nonisolated(nonsending) func nextInput() async -> TransportInput? { await transport.nextInput() }

    func send(_ message: [UInt8]) { transport.send(TransportMessage(channel: 0, payload: .text(message))) }

    func drained(to bytes: Int) async { await transport.drained(to: bytes) }

    func close() { transport.close(.clientLeft) }
}
