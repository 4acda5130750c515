import HTTPTypes
import Hummingbird
import RealtimeProtocol

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

    /// Refuses a foreign page; applies to every request.
    func checkOrigin(of request: Request) throws(APIError) {
        let refusal = refusal(host: request.head.authority ?? "", origins: request.headers[values: .origin])
        if let refusal { throw refusal }
    }

    /// Why a request with these headers is a foreign page's; nil if it is not. Applies to upgrades too.
    func refusal(host: String, origins: [String]) -> APIError? {
        guard keys.isEmpty else { return nil }
        guard isAllowed(host: host) else { return .foreignHost(host) }
        return origins.first { !isAllowed(origin: $0) }.map { .foreignOrigin($0) }
    }

    /// Who presents this key; nil is no key at all. With no keys configured any will do.
    func caller(key: String?) throws(ProtocolError) -> Caller {
        guard !keys.isEmpty else { return .anybody }
        guard let key, keys.accept(key) else { throw APIError.invalidKey.protocolError }
        return .key
    }

    /// Refuses a request without a right key, if there are keys.
    func checkKey(of request: Request) throws(APIError) {
        do {
            _ = try caller(key: APIKeys.bearer(request.headers[.authorization]))
        } catch {
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
