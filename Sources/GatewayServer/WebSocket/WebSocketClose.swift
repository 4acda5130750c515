import NIOWebSocket
import RealtimeProtocol
import SessionEngine
import VoiceSession

/// How we end a WebSocket: the close frame (RFC 6455 §7.4) and the cause for the counter.
struct WebSocketClose: Equatable, Sendable {
    let code: WebSocketErrorCode
    /// At most 123 bytes of UTF-8, the room of a control frame.
    let reason: String
    /// Label of `gateway_websocket_closes_total`.
    let cause: String

    init(_ code: WebSocketErrorCode, _ reason: String, cause: String) {
        self.code = code
        self.reason = String(decoding: reason.utf8.prefix(Self.maxReasonBytes), as: UTF8.self)
        self.cause = cause
    }

    private static let maxReasonBytes = 120

    static let stopping = WebSocketClose(.goingAway, "The server is stopping.", cause: "shutdown")
    static let tooLong = WebSocketClose(.messageTooLarge, "The message is too long.", cause: "message_too_long")
    static let brokenFrames = WebSocketClose(.protocolError, "Broken WebSocket framing.", cause: "protocol_error")
    static let silent = WebSocketClose(.unexpectedServerError, "No answer to a ping.", cause: "pong_timeout")
    static let slowReader = WebSocketClose(.policyViolation, "Events are read too slowly.", cause: "slow_reader")
    /// Never sent: the connection is gone already.
    static let gone = WebSocketClose(.unknown(1006), "", cause: "lost")
    static let serverFull = WebSocketClose(
        .unknown(1013), "The server has no place for another session.", cause: "sessions_full")
    static let overloaded = WebSocketClose(
        .unknown(1013), "The server has no time for another session.", cause: SessionRegistry.overloadedCode)
    static let loading = WebSocketClose(
        .unknown(1013), "The models are loading; try again.", cause: EngineShelf.loadingCode)
    static let engineFull = WebSocketClose(
        .unknown(1013), "The engine has no place for another conversation.", cause: SessionFactory.engineFullCode)

    /// A request that cannot be served, after its `error` event: 3000 for keys, 4000 for the rest, as upstream does;
    /// 1013 for what another try may find.
    static func refused(_ error: ProtocolError) -> WebSocketClose {
        switch error.code ?? "bad_request" {
        case SessionRegistry.fullCode: serverFull
        case SessionRegistry.overloadedCode: overloaded
        case SessionRegistry.stoppingCode: stopping
        case EngineShelf.loadingCode: loading
        case SessionFactory.engineFullCode: engineFull
        case let code:
            WebSocketClose(
                .unknown(code == APIError.invalidKey.code ? 3000 : 4000), "\(error.kind.rawValue).\(code)",
                cause: code)
        }
    }

    /// What the session is told of its client.
    var departure: SessionInput.Departure {
        switch self {
        case .slowReader: .overrun
        case .silent: .lost
        default: .goodbye
        }
    }

    /// How a session's own end is told to the client.
    init(_ reason: SessionEndReason) {
        switch reason {
        case .clientLeft, .notResumed: self.init(.normalClosure, "", cause: "session_ended")
        case .hangUp: self.init(.normalClosure, "The call was hung up.", cause: "hang_up")
        case .expired:
            self.init(.goingAway, "Your session hit its maximum duration.", cause: "session_expired")
        case .shutdown: self = .stopping
        case .overrun: self = .slowReader
        case .internalError: self.init(.unexpectedServerError, "The session failed.", cause: "internal_error")
        }
    }
}
