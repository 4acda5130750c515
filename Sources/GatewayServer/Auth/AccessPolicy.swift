import HTTPTypes
import Hummingbird

/// Decides who may ask for what, before any route sees the request.
///
/// Without keys the gateway is a loopback service that any local program may use, so what has to be kept out is a web
/// page of somebody else: its Origin is foreign, and after DNS rebinding its Host is. `Origin: null` (a sandboxed frame,
/// a page opened from a file) is nobody's in particular and is refused unless it is listed. With keys the key decides.
struct AccessPolicy: Sendable {
    let keys: APIKeys
    let allowedHosts: Set<String>
    let allowedOrigins: Set<String>

    init(_ configuration: GatewayConfiguration) {
        keys = configuration.auth.keys
        allowedHosts = configuration.http.allowedHosts
        allowedOrigins = configuration.http.allowedOrigins
    }

    /// Refuses a foreign page; applies to every request, an upgrade included.
    func checkOrigin(of request: Request) throws(APIError) {
        guard keys.isEmpty else { return }
        let host = request.head.authority ?? ""
        guard isAllowed(host: host) else {
            throw .foreignHost(host)
        }
        for origin in request.headers[values: .origin] where !isAllowed(origin: origin) {
            throw .foreignOrigin(origin)
        }
    }

    /// Refuses a request without a right key, if there are keys.
    func checkKey(of request: Request) throws(APIError) {
        guard keys.isEmpty || keys.accept(authorization: request.headers[.authorization]) else {
            throw .invalidKey
        }
    }

    private func isAllowed(host text: String) -> Bool {
        guard let header = HostHeader(text) else { return false }
        return header.isLoopback || allowedHosts.contains(header.host)
    }

    private func isAllowed(origin text: String) -> Bool {
        allowedOrigins.contains(text.lowercased()) || OriginHeader(text)?.isLoopbackPage == true
    }
}
