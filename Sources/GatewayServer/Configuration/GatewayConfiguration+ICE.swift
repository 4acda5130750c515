extension GatewayConfiguration {
    /// How media addresses are found and offered (RFC 8445).
    package struct ICE: Sendable {
        /// Numeric; empty means all interfaces.
        package var addresses: [String]
        /// Of a 1:1 NAT.
        package var publicAddress: String?
        package var portRange: ClosedRange<UInt16>?
        package var stunServer: ServerAddress?
        package var turnServers: [TURNServer]
        package var turnUser: String
        package var turnPassword: String
        /// Named to clients.
        package var clientServers: [ClientICEServer]
        package var clientSecret: String
        package var clientCredentialSeconds: Int
        package var tcp: Bool
        package var gatherTimeout: Duration

        init(_ values: inout ConfigurationValues) {
            addresses = values.list("ice.addresses")
            publicAddress = values.text("ice.public-address")
            portRange = values.text("ice.port-range").flatMap(Self.portRange)
            stunServer = values.text("ice.stun-server").flatMap { ServerAddress($0, defaultPort: 3478) }
            turnServers = values.list("ice.turn-servers").compactMap(TURNServer.init)
            turnUser = values.text("ice.turn-user") ?? ""
            turnPassword = values.text("ice.turn-password") ?? ""
            clientServers = values.list("ice.client-servers").compactMap(ClientICEServer.init)
            clientSecret = values.text("ice.client-secret") ?? ""
            clientCredentialSeconds = values.integer("ice.client-seconds")
            tcp = values.flag("ice.tcp")
            gatherTimeout = .milliseconds(values.integer("ice.gather-timeout-ms"))
            if clientServers.contains(where: \.isRelay), clientSecret.isEmpty {
                values.refuse("ice.client-secret", "must be set for TURN servers in ice.client-servers")
            }
            guard !turnServers.isEmpty else { return }
            if turnUser.isEmpty { values.refuse("ice.turn-user", "must be set for ice.turn-servers") }
            if turnPassword.isEmpty { values.refuse("ice.turn-password", "must be set for ice.turn-servers") }
        }

        /// `min-max`; nil unless both are ports in order.
        static func portRange(_ text: String) -> ClosedRange<UInt16>? {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard parts.count == 2, let low = parts[0], let high = parts[1], low > 0, low <= high else { return nil }
            return low...high
        }
    }

    /// A STUN or TURN server by name or numeric address.
    package struct ServerAddress: Sendable, Equatable {
        /// IPv6 without brackets.
        package var host: String
        package var port: UInt16

        /// `host`, `host:port` or `[v6]:port`.
        init?(_ text: String, defaultPort: UInt16) {
            guard let parsed = HostHeader(text) else { return nil }
            host = parsed.host
            port = parsed.port ?? defaultPort
            guard port > 0 else { return nil }
        }
    }

    /// A server as a client's configuration takes it: a `stun:`, `turn:` or `turns:` address (RFC 7064, RFC 7065).
    package struct ClientICEServer: Sendable, Equatable {
        package let url: String
        /// TURN: credentials belong to it.
        package let isRelay: Bool

        init?(_ text: String) {
            switch text.prefix(while: { $0 != ":" }) {
            case "stun":
                guard !text.contains("?"),
                    ServerAddress(String(text.dropFirst("stun:".count)), defaultPort: 3478) != nil
                else { return nil }
                isRelay = false
            case "turn":
                guard TURNServer(text) != nil else { return nil }
                isRelay = true
            case "turns":
                guard TURNServer("turn:" + text.dropFirst("turns:".count)) != nil else { return nil }
                isRelay = true
            default: return nil
            }
            url = text
        }
    }

    /// A TURN server (RFC 8656) and how it is reached; `turn:` addresses of RFC 7065.
    package struct TURNServer: Sendable, Equatable {
        /// Between us and the server.
        package enum Transport: String, Sendable {
            case udp
            case tcp
        }

        package var address: ServerAddress
        package var transport: Transport

        init?(_ text: String) {
            guard text.hasPrefix("turn:") else { return nil }
            let rest = text.dropFirst("turn:".count).split(separator: "?", omittingEmptySubsequences: false)
            guard let server = rest.first, let address = ServerAddress(String(server), defaultPort: 3478) else {
                return nil
            }
            self.address = address
            switch rest.count {
            case 1: transport = .udp
            case 2:
                guard rest[1].hasPrefix("transport="),
                    let transport = Transport(rawValue: String(rest[1].dropFirst("transport=".count)))
                else { return nil }
                self.transport = transport
            default: return nil
            }
        }
    }
}
