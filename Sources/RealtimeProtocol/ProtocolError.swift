/// What a client did wrong, or the server failed to do, as the `error` event and the JSON error body tell it.
package struct ProtocolError: Error, Equatable, Sendable {
    /// The `type` of the error.
    package enum Kind: String, Sendable {
        case invalidRequest = "invalid_request_error"
        case server = "server_error"
        case rateLimit = "rate_limit_error"
        case authentication = "authentication_error"
    }

    package var kind: Kind
    package var code: String?
    package var message: String
    /// Dotted path of the offending field, `session.audio.input.turn_detection.threshold`.
    package var param: String?
    /// The client event's own `event_id`.
    package var eventID: String?

    package init(
        _ kind: Kind = .invalidRequest, code: String?, _ message: String, param: String? = nil, eventID: String? = nil
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.param = param
        self.eventID = eventID
    }
}
