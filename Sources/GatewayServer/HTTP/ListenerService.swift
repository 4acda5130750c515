import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// One listening socket.
struct ListenerService: Service {
    let scheme: GatewayAddress.Scheme
    let host: String
    let port: Int
    let builder: HTTPServerBuilder
    let responder: @Sendable (Request, consuming ResponseWriter, any Channel) async throws -> Void
    let board: ListenerBoard
    let logger: Logger

    func run() async throws {
        let server = try builder.buildServer(
            configuration: ServerConfiguration(address: .hostname(host, port: port)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger, responder: responder,
            onServerRunning: { channel in
                await board.listening(
                    GatewayAddress(scheme: scheme, host: host, port: channel.localAddress?.port ?? port))
            })
        do {
            try await server.run()
        } catch let error as IOError {
            throw GatewayError.cannotListen(
                key: "\(scheme.rawValue).port", address: "\(host):\(port)", reason: error.description)
        }
    }
}

/// Where a listener really is, once port 0 has become a port.
package struct GatewayAddress: Sendable, Equatable {
    /// Of the URL, and the section of the configuration.
    package enum Scheme: String, Sendable {
        case http
        case https
    }

    package let scheme: Scheme
    package let host: String
    package let port: Int

    /// `http://127.0.0.1:8080`.
    package var url: String {
        "\(scheme.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
}

/// Collects the addresses of the listeners; when the last is up it says so once.
actor ListenerBoard {
    private let expected: Int
    private let readiness: Readiness
    private let whenListening: @Sendable ([GatewayAddress]) -> Void
    private var addresses: [GatewayAddress] = []

    init(expected: Int, readiness: Readiness, whenListening: @escaping @Sendable ([GatewayAddress]) -> Void) {
        self.expected = expected
        self.readiness = readiness
        self.whenListening = whenListening
    }

    func listening(_ address: GatewayAddress) {
        addresses.append(address)
        guard addresses.count == expected else { return }
        readiness.set(listening: true)
        whenListening(addresses)
    }
}
