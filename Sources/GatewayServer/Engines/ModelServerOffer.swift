import ServiceLifecycle

/// Says once, while the server runs, which model servers on this machine could answer in place of the embedded model.
package struct ModelServerOffer: Service {
    private let probe: ModelServerProbe
    private let report: @Sendable (String) -> Void

    /// - Parameter report: gets a line per server, for the person at the terminal.
    package init(_ configuration: GatewayConfiguration, report: @escaping @Sendable (String) -> Void) {
        probe = ModelServerProbe(except: [configuration.http.port, configuration.https.listener.port])
        self.report = report
    }

    package func run() async throws {
        for server in await probe.find() { report(server.offer) }
        // A service that returns ends the process. Shutdown and cancellation mean the same here.
        try? await gracefulShutdown()
    }
}
