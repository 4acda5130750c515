import HTTPTypes

/// The paths we serve beside static files, for what the router cannot say: allowed methods, metric labels, need of a key.
struct RouteTable: Sendable {
    /// One method on one path; `{…}` stands for any one path component.
    struct Route: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let needsKey: Bool
    }

    static let place = Route(method: .post, path: "/v1/realtime/calls", needsKey: true)
    static let placeLegacy = Route(method: .post, path: "/v1/realtime", needsKey: true)
    static let hangUp = Route(method: .post, path: "/v1/realtime/calls/{id}/hangup", needsKey: true)
    static let socket = Route(method: .get, path: RealtimePath.socket, needsKey: true)
    static let metrics = Route(method: .get, path: "/metrics", needsKey: true)
    static let health = Route(method: .get, path: "/health", needsKey: false)
    static let ready = Route(method: .get, path: "/ready", needsKey: false)
    static let authority = Route(method: .get, path: "/parley-ca.pem", needsKey: false)

    private let routes = [
        Self.place, Self.placeLegacy, Self.hangUp, Self.socket, Self.metrics, Self.health, Self.ready, Self.authority,
    ]

    func methods(of path: String) -> [HTTPRequest.Method] {
        routes.filter { $0.matches(path) }.map(\.method)
    }

    /// Everything under /v1, known or not, and what is marked.
    func needsKey(_ path: String) -> Bool {
        path == "/v1" || path.hasPrefix("/v1/") || routes.contains { $0.needsKey && $0.matches(path) }
    }

    /// The path's pattern, so that no identifier becomes a label.
    func label(of path: String) -> String {
        routes.first { $0.matches(path) }?.path ?? "other"
    }
}

extension RouteTable.Route {
    func matches(_ path: String) -> Bool {
        let wanted = self.path.split(separator: "/")
        let given = path.split(separator: "/")
        return wanted.count == given.count && zip(wanted, given).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
