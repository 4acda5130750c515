package import Logging
package import RealtimeProtocol
package import SpeechEngines

/// Makes the driver of each new session: the model's name says which.
package struct SessionFactory: Sendable {
    package let catalog: EngineCatalog

    package init(catalog: EngineCatalog) {
        self.catalog = catalog
    }

    /// A driver for one session, not started yet.
    ///
    /// - Parameters:
    ///   - configuration: what the session starts with: from the address, a client secret or the form of a call.
    ///   - logger: carries the session's id.
    package func makeDriver(
        _ id: SessionID, _ configuration: SessionConfiguration, logger: Logger
    ) -> any SessionDriver {
        LoopbackDriver()
    }
}
