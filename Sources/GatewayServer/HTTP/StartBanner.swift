import Foundation

/// What the start prints for a person: where the page is and how a client comes to trust the local authority.
package struct StartBanner {
    private let addresses: [GatewayAddress]
    private let authority: String
    private let loading: String?

    /// - Parameter loading: what is not there yet, in words; nil when calls can be served.
    package init(addresses: [GatewayAddress], authority: String, loading: String?) {
        self.addresses = addresses
        self.authority = authority
        self.loading = loading
    }

    package var text: String {
        let page = addresses.first { $0.scheme == .http }
        let secure = addresses.first { $0.scheme == .https }
        var lines = [
            loading == nil
                ? "Parley is ready."
                : "Parley is up; calls are taken once the models are loaded, some seconds from now."
        ]
        lines += page.map { ["  Page    \(named($0))/"] } ?? []
        lines += page.map { ["  API     \(named($0))/v1"] } ?? []
        guard let secure else {
            return (lines + ["  HTTPS   off: make certs makes a certificate"]).joined(separator: "\n")
        }
        lines.append("  HTTPS   \(named(secure))/v1")
        lines += trust(page)
        return lines.joined(separator: "\n")
    }

    private func trust(_ page: GatewayAddress?) -> [String] {
        guard FileManager.default.fileExists(atPath: authority) else { return [] }
        let path = URL(fileURLWithPath: authority).path
        return [
            "  A client trusts the certificate with",
            "    SSL_CERT_FILE=\(path)         (Python, Go, curl --cacert)",
            "    NODE_EXTRA_CA_CERTS=\(path)   (Node)",
        ] + (page.map { ["    a phone opens \(named($0))/parley-ca.pem and installs it"] } ?? [])
    }

    /// Loopback by its name, which the certificate carries too.
    private func named(_ address: GatewayAddress) -> String {
        HostHeader.isLoopback(address.host) ? "\(address.scheme.rawValue)://localhost:\(address.port)" : address.url
    }
}
