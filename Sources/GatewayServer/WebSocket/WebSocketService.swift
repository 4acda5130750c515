import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import RealtimeProtocol
import SessionEngine
import VoiceSession

/// Takes upgraded connections: checks the key, makes or finds the session, and runs it until either side ends.
///
/// A request that cannot be served is told so by an `error` event and a close code, since a browser sees nothing of an
/// HTTP answer to an upgrade (RT-037, RT-038). What `AccessPolicy` refuses is no client of ours and gets the HTTP answer.
struct WebSocketService: Sendable {
    let policy: AccessPolicy
    let sessions: SessionRegistry
    let limits: WebSocketLimits
    let metrics: WebSocketMetrics
    let logger: Logger

    /// Whether a WebSocket handshake is answered with 101.
    func grants(_ head: HTTPRequestHead) -> Bool {
        guard RealtimePath.canonical(URI(head.uri).path) == RealtimePath.socket else { return false }
        return policy.refusal(host: head.headers.first(name: "host") ?? "", origins: head.headers["origin"]) == nil
    }

    /// Called on the channel's event loop.
    func makeTransport(_ channel: any Channel, _ request: WebSocketRequest) throws -> WebSocketSessionTransport {
        let kind: TransportKind =
            if case .sideband = request.purpose { .sideband } else { .webSocket }
        return try WebSocketSessionTransport(
            channel: channel, kind: kind, profile: request.profile, limits: limits, metrics: metrics)
    }

    /// Returns when the connection is gone. Cancellation ends it.
    func run(_ transport: WebSocketSessionTransport, _ request: WebSocketRequest) async {
        await withTaskCancellationHandler {
            do throws(ProtocolError) {
                try await serve(transport, request)
            } catch {
                refuse(transport, error)
            }
            transport.close(.clientLeft)
            await transport.closed()
        } onCancel: {
            transport.close(.shutdown)
        }
    }

    private func serve(
        _ transport: WebSocketSessionTransport, _ request: WebSocketRequest
    ) async throws(ProtocolError) {
        let caller = try policy.caller(key: request.key)
        switch request.purpose {
        case .sideband(let call):
            let driver = try await sessions.driver(ofCall: call, for: caller)
            await driver.attach(transport)
        case .resumption(let request):
            let entry = try await sessions.open(request, by: caller)
            await sessions.spend(request.token)
            try await sessions.run(entry, on: transport)
        case .transcription:
            try await run(transport, SessionStart(caller: caller, kind: .transcription))
        case .conversation(let model):
            guard model != nil || caller.grant != nil else {
                throw ProtocolError(
                    code: "missing_model", "You must name a model: /v1/realtime?model=…", param: "model")
            }
            try await run(transport, SessionStart(caller: caller, model: model))
        }
    }

    private func run(_ transport: WebSocketSessionTransport, _ start: SessionStart) async throws(ProtocolError) {
        try await sessions.run(try await sessions.open(start), on: transport)
    }

    private func refuse(_ transport: WebSocketSessionTransport, _ error: ProtocolError) {
        logger.debug("WebSocket refused", metadata: ["code": "\(error.code ?? "")"])
        for message in ErrorEvent.encoded(error) {
            transport.send(TransportMessage(channel: 0, payload: .text(message)))
        }
        transport.close(.refused(error))
    }
}
