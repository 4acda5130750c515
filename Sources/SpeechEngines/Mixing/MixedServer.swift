package import SessionEngine

/// One of the servers of a stage: what does the work, what it may be asked, and what opens the way to it.
package struct MixedServer<Stage: Sendable>: Sendable {
    package let stage: Stage
    package let limits: ServerLimits
    /// Opens a connection, so that the first request finds one, and returns why it could not; nil where there is none to open.
    package let connect: (@Sendable () async -> EngineFailure?)?

    package init(
        _ stage: Stage, _ limits: ServerLimits = ServerLimits(),
        connect: (@Sendable () async -> EngineFailure?)? = nil
    ) {
        self.stage = stage
        self.limits = limits
        self.connect = connect
    }

    func with(_ stage: Stage) -> MixedServer { MixedServer(stage, limits, connect: connect) }
}
