import Glibc
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
    let secrets: ClientSecrets
    private let metrics: AuthMetrics

    init(_ configuration: GatewayConfiguration, metrics: AuthMetrics) {
        keys = configuration.auth.keys
        secrets = ClientSecrets(box: configuration.auth.secretKey.map(SecretBox.init(words:)) ?? SecretBox())
        self.metrics = metrics
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

    /// Who presents this key; nil is no key at all. With no keys configured any will do, but a client secret must be one.
    func caller(key: String?, now: Int = Self.now) throws(ProtocolError) -> Caller {
        if let key, ClientSecrets.isSecret(key) {
            do {
                return .secret(try secrets.open(key, now: now))
            } catch {
                metrics.failed(error.rawValue)
                throw APIError.invalidSecret.protocolError
            }
        }
        guard !keys.isEmpty else { return .anybody }
        guard let key else {
            metrics.failed("missing")
            throw APIError.invalidKey.protocolError
        }
        guard keys.accept(key) else {
            metrics.failed("unknown")
            throw APIError.invalidKey.protocolError
        }
        return .key(APIKeys.account(of: key))
    }

    /// Who asks for a route of this access, or why he may not.
    func caller(of request: Request, _ access: RouteTable.Access) throws -> Caller {
        if case .anybody = access { return .anybody }
        let key = APIKeys.bearer(request.headers[.authorization]) ?? request.headers[.apiKey]
        let caller: Caller
        do {
            caller = try self.caller(key: key)
        } catch {
            throw key.map(ClientSecrets.isSecret) == true ? APIError.invalidSecret : APIError.invalidKey
        }
        if case .key = access, caller.grant != nil {
            metrics.failed("not_allowed")
            throw APIError.secretNotAllowed
        }
        return caller
    }

    /// Unix seconds.
    static var now: Int { time(nil) }

    private func isAllowed(host text: String) -> Bool {
        guard let header = HostHeader(text) else { return false }
        return header.isLoopback || allowedHosts.contains(header.host)
    }

    private func isAllowed(origin text: String) -> Bool {
        allowedOrigins.contains(text.lowercased()) || OriginHeader(text)?.isLoopbackPage == true
    }
}

extension HTTPField.Name {
    /// Some clients' name for a bearer.
    static let apiKey = HTTPField.Name("api-key")!
}
