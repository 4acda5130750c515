import RealtimeProtocol

extension RemoteServers {
    /// Who may be one server to several lines: for a stage, the same address, asked with the same key.
    private struct Identity: Hashable {
        let base: String
        let key: Credential?
    }

    /// Gives lines that name the same server for a stage its places in common, where any of them limits it: the smallest of their
    /// limits is what it takes at once from all of them together. How many may wait stays each line's own.
    package static func sharePlaces(_ lines: inout [RemoteServers]) {
        for stage in [\RemoteServers.language, \.recogniser, \.voice] { sharePlaces(of: stage, &lines) }
    }

    private static func sharePlaces(
        of stage: WritableKeyPath<RemoteServers, [StageServer]>, _ lines: inout [RemoteServers]
    ) {
        var limits: [Identity: Int] = [:]
        for server in lines.flatMap({ $0[keyPath: stage] }) {
            guard let identity = identity(of: server), let limit = server.limits.concurrent else { continue }
            limits[identity] = min(limit, limits[identity] ?? limit)
        }
        let places = limits.mapValues { ServerPlaces(limit: $0) }
        for line in lines.indices {
            for server in lines[line][keyPath: stage].indices {
                guard let identity = identity(of: lines[line][keyPath: stage][server]) else { continue }
                lines[line][keyPath: stage][server].places = places[identity]
            }
        }
    }

    private static func identity(of server: StageServer) -> Identity? {
        server.endpoint.map { Identity(base: $0.base, key: $0.key) }
    }
}
