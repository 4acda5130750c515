import NIOCore

/// The addresses that answers advertise for media, and who can reach them.
struct AddressCheck {
    /// Of this machine's interfaces, numeric.
    var local: [String]
    /// `ice.addresses`; empty means all interfaces.
    var configured: [String]
    var publicAddress: String?
    /// Whether STUN or TURN servers are configured.
    var hasServers: Bool
    /// Whether the server listens beyond loopback.
    var isOpen: Bool

    var finding: DoctorFinding {
        if let foreign = configured.first(where: { !local.contains($0) }) {
            return DoctorFinding(
                "addresses", .failed, "ice.addresses has \(foreign), which is no address of this machine",
                advice:
                    "No media could arrive there. It has \(local.joined(separator: ", ")); the address that a NAT shows "
                    + "belongs into ice.public-address.")
        }
        let outside = local.filter { !Self.isLoopback($0) && !$0.lowercased().hasPrefix("fe80") }
        let offered = configured.isEmpty ? (outside.isEmpty ? local : outside) : configured
        let words = "media at \(offered.joined(separator: ", "))" + (publicAddress.map { ", shown as \($0)" } ?? "")
        if offered.isEmpty || isOpen && offered.allSatisfy(Self.isLoopback) {
            return DoctorFinding(
                "addresses", .failed,
                offered.isEmpty ? "this machine has no address" : "\(words), which is this machine alone",
                advice:
                    "Calls from other machines would connect and stay silent. Connect it to a network, or set ice.addresses."
            )
        }
        if isOpen, publicAddress == nil, !hasServers, offered.allSatisfy(Self.isPrivate) {
            return DoctorFinding(
                "addresses", .warning, words,
                advice:
                    "Only this network reaches them. For callers from elsewhere set ice.public-address to what the router "
                    + "forwards, or ice.stun-server.")
        }
        return DoctorFinding("addresses", .good, words)
    }

    private static func isLoopback(_ address: String) -> Bool { HostHeader.isLoopback(address) }

    /// RFC 1918, RFC 4193, RFC 6598, link-local and loopback.
    static func isPrivate(_ address: String) -> Bool {
        let parts = address.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 4 else {
            let lower = address.lowercased()
            return lower == "::1" || ["fc", "fd", "fe80"].contains(where: lower.hasPrefix)
        }
        return switch (parts[0], parts[1]) {
        case (10, _), (127, _), (192, 168), (169, 254): true
        case (172, 16...31), (100, 64...127): true
        default: false
        }
    }
}

extension AddressCheck {
    init(_ configuration: GatewayConfiguration) {
        local = (try? System.enumerateDevices())?.compactMap { $0.address?.ipAddress } ?? []
        configured = configuration.ice.addresses
        publicAddress = configuration.ice.publicAddress
        hasServers = configuration.ice.stunServer != nil || !configuration.ice.turnServers.isEmpty
        let hosts =
            configuration.http.hosts + (configuration.https.tls == nil ? [] : configuration.https.listener.hosts)
        isOpen = hosts.contains { !HostHeader.isLoopback($0) }
    }
}
