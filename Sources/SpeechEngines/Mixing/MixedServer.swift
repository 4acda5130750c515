package import SessionEngine

/// One of the servers of a stage: what does the work, what it may be asked, and what opens the way to it.
package struct MixedServer<Stage: Sendable>: Sendable {
    package let stage: Stage
    package let limits: ServerLimits
    /// Its own, or those that it has with other lines of the configuration.
    let places: ServerPlaces
    /// Opens a connection, so that the first request finds one, and returns why it could not; nil where there is none to open.
    package let connect: (@Sendable () async -> EngineFailure?)?

    package init(
        _ stage: Stage, _ limits: ServerLimits = ServerLimits(),
        connect: (@Sendable () async -> EngineFailure?)? = nil
    ) {
        self.init(stage, limits, places: nil, connect: connect)
    }

    init(
        _ stage: Stage, _ limits: ServerLimits, places: ServerPlaces?, connect: (@Sendable () async -> EngineFailure?)?
    ) {
        self.stage = stage
        self.limits = limits
        self.places = places ?? ServerPlaces(limit: limits.concurrent)
        self.connect = connect
    }

    func with(_ stage: Stage) -> MixedServer { MixedServer(stage, limits, places: places, connect: connect) }
}
