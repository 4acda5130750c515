import HTTPTypes

/// The paths we serve beside static files, for what the router cannot say: allowed methods, metric labels, need of a key.
struct RouteTable: Sendable {
    /// Who may ask.
    enum Access: Sendable {
        case anybody
        /// Who has a key.
        case key
        /// Who has a key or a client secret.
        case secret
    }

    /// One method on one path; `{…}` stands for any one path component.
    struct Route: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let access: Access
        private let parts: [Substring]

        init(method: HTTPRequest.Method, path: String, access: Access) {
            self.method = method
            self.path = path
            self.access = access
            parts = path.split(separator: "/")
        }

        /// `given`: the components of a path.
        func matches(_ given: [Substring]) -> Bool {
            parts.count == given.count && zip(parts, given).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
    }

    static let place = Route(method: .post, path: "/v1/realtime/calls", access: .secret)
    static let placeLegacy = Route(method: .post, path: "/v1/realtime", access: .secret)
    static let restart = Route(method: .patch, path: "/v1/realtime/calls/{id}", access: .secret)
    static let hangUp = Route(method: .post, path: "/v1/realtime/calls/{id}/hangup", access: .secret)
    /// What only an incoming SIP call can be told.
    static let sip = ["accept", "reject", "refer"].map {
        Route(method: .post, path: "/v1/realtime/calls/{id}/\($0)", access: .key)
    }
    static let clientSecrets = Route(method: .post, path: "/v1/realtime/client_secrets", access: .key)
    static let legacySessions = Route(method: .post, path: "/v1/realtime/sessions", access: .key)
    static let legacyTranscriptionSessions = Route(
        method: .post, path: "/v1/realtime/transcription_sessions", access: .key)
    static let socket = Route(method: .get, path: RealtimePath.socket, access: .secret)
    static let iceServers = Route(method: .get, path: "/v1/realtime/ice-servers", access: .secret)
    static let journal = Route(method: .delete, path: "/v1/realtime/journal/{id}", access: .key)
    static let models = Route(method: .get, path: "/v1/models", access: .secret)
    static let model = Route(method: .get, path: "/v1/models/{id}", access: .secret)
    static let metrics = Route(method: .get, path: "/metrics", access: .key)
    static let health = Route(method: .get, path: "/health", access: .anybody)
    static let ready = Route(method: .get, path: "/ready", access: .anybody)
    static let authority = Route(method: .get, path: "/parley-ca.pem", access: .anybody)

    private let routes =
        [
            Self.place, Self.placeLegacy, Self.restart, Self.hangUp, Self.clientSecrets, Self.legacySessions,
            Self.legacyTranscriptionSessions, Self.socket, Self.iceServers, Self.journal, Self.models, Self.model,
            Self.metrics, Self.health, Self.ready, Self.authority,
        ] + Self.sip

    func methods(of path: String) -> [HTTPRequest.Method] {
        matching(path).map(\.method)
    }

    /// Under /v1 nobody without a key or a secret learns what there is.
    func access(_ method: HTTPRequest.Method, _ path: String) -> Access {
        let matching = matching(path)
        if let route = matching.first(where: { $0.method == method }) ?? matching.first { return route.access }
        return path == "/v1" || path.hasPrefix("/v1/") ? .secret : .anybody
    }

    /// The path's pattern, so that no identifier becomes a label.
    func label(of path: String) -> String {
        matching(path).first?.path ?? "other"
    }

    private func matching(_ path: String) -> [Route] {
        let parts = path.split(separator: "/")
        return routes.filter { $0.matches(parts) }
    }
}
