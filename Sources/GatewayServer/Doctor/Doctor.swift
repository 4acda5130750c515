package import Foundation
package import Logging
package import PeerTransport

/// Looks at everything that a call needs, from the processor to a call, and says of each what is wrong and what to do.
package struct Doctor: Sendable {
    /// Says samples (mono, 24 kHz) in a call to the server at the URL, from an endpoint that the server shares.
    package typealias Caller = @Sendable (URL, [Int16], PeerEndpoint) async -> CallCheck.Outcome

    private let configuration: GatewayConfiguration
    private let logger: Logger
    private let caller: Caller

    package init(_ configuration: GatewayConfiguration, logger: Logger, caller: @escaping Caller) {
        self.configuration = configuration
        self.logger = logger
        self.caller = caller
    }

    /// What a configuration that is refused means.
    package static func finding(_ error: ConfigurationError) -> DoctorFinding {
        DoctorFinding(
            "configuration", .failed, "\(error)",
            advice: "The server would not start. docs/configuration.md has every key.")
    }

    /// Some seconds: the models are loaded, and one question is asked.
    ///
    /// - Parameter tell: called with each finding as it is there.
    /// - Returns: all of them.
    package func examine(_ tell: (DoctorFinding) -> Void) async -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        func add(_ finding: DoctorFinding) {
            findings.append(finding)
            tell(finding)
        }
        MachineCheck(isEmbedded: configuration.engine.isEmbedded && configuration.engine.script == nil).findings
            .forEach(add)
        add(CertificateCheck(configuration.https.tls, now: Date()).finding)
        for check in await ports() { add(check.finding) }
        add(AddressCheck(configuration).finding)
        let models = ModelCheck(configuration)
        add(models.finding)
        // Its words are the models' own.
        if case .wrong = models.files { return findings }
        for finding in await DoctorServer(configuration, logger: logger).examine(with: caller) { add(finding) }
        return findings
    }

    private func ports() async -> [PortCheck] {
        var listeners = [("http.port", configuration.http)]
        if configuration.https.tls != nil { listeners.append(("https.port", configuration.https.listener)) }
        var checks: [PortCheck] = []
        for (key, listener) in listeners where listener.port != 0 {
            for host in GatewayServer.available(listener.hosts, logger) {
                checks.append(await Self.check(key, host, listener.port, besideHTTP: configuration.http.port))
            }
        }
        return checks
    }

    /// Nobody is asked over TLS: who serves the port of HTTP serves the other beside it.
    static func check(_ key: String, _ host: String, _ port: Int, besideHTTP http: Int) async -> PortCheck {
        await PortCheck(key: key, host: host, port: port) { await ModelServerProbe.isParley(at: http) }
    }
}
