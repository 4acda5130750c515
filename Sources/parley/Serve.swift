import ArgumentParser
import Foundation
import GatewayServer
import Logging
import Metrics
import Tracing

/// Runs the gateway until SIGTERM or SIGINT.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the Realtime API.",
        discussion: """
            Every key below is also an environment variable (PARLEY_HTTP_PORT) and a key of the YAML file (http.port).

            \(ConfigurationReference.help)
            """)

    @Option(help: "YAML file with keys; parley.yaml is read if it is there.")
    var config: String?

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var keys: [String] = []

    func run() async throws {
        do {
            try await serve(
                GatewayConfiguration(
                    arguments: keys, environment: ProcessInfo.processInfo.environment, file: config))
        } catch let error as ConfigurationError {
            Self.complain("The configuration is refused:\n\(error)")
            throw ExitCode(ConfigurationError.exitCode)
        } catch let error as GatewayError {
            Self.complain("\(error)")
            throw ExitCode.failure
        }
    }

    private func serve(_ configuration: GatewayConfiguration) async throws {
        ProcessMemory.settle()
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = configuration.log.level
            return handler
        }
        let logger = Logger(label: "parley")
        let metrics = PrometheusMetricsFactory()
        MetricsSystem.bootstrap(metrics)
        let traces = configuration.tracing.url.map { OTLPExporter($0, logger: logger) }
        if let traces { InstrumentationSystem.bootstrap(traces) }
        let engines = EngineSelection(configuration, report: Self.say)
        Self.say(engines.words)
        let (calls, sessions, services) = try makeCallService(configuration, engines.shelf, logger)
        let server = try GatewayServer(
            configuration: configuration, calls: calls, sessions: sessions,
            services: (traces.map { [$0] } ?? []) + engines.services + services, metrics: metrics, logger: logger,
            loading: { [shelf = engines.shelf] in shelf.loading },
            whenListening: { [shelf = engines.shelf] addresses in
                let authority = configuration.https.authority
                Self.say(StartBanner(addresses: addresses, authority: authority, loading: shelf.loading).text)
            })
        try await server.run()
        // Without the clean-up of C libraries at an exit: a thread of a model's runtime may be in the middle of a step, whose
        // memory it would take away.
        fflush(nil)
        _exit(EXIT_SUCCESS)
    }

    private static func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
