import HTTPTypes
import Hummingbird
import RealtimeProtocol
import SessionEngine
import VoiceSession

/// Client secrets for browsers and phones (RT-010 to RT-014, RT-018, RT-019).
struct ClientSecretRoutes: Sendable {
    /// `expires_after.seconds`.
    static let lifetimes = 10...7200
    static let defaultLifetime = 600
    /// Of the legacy endpoints.
    static let legacyLifetime = 60

    let secrets: ClientSecrets
    let defaultModel: String
    let toolServers: MCPAllowList
    let metrics: AuthMetrics

    /// `POST /v1/realtime/client_secrets`: the secret, and the session it stands for, in full.
    func create(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let fields = try await RequestBody.fields(of: request)
        let seconds = try Self.lifetime(fields)
        let part = try fields.fields("session")?.object ?? JSONObject()
        let configuration = try SessionConfiguration(parsing: part, defaultModel: "")
        try toolServers.check(configuration.servers)
        let secret = try issue(configuration, .current, seconds: seconds, for: context.caller)
        metrics.issued("client_secrets")
        return .json {
            $0.member("value", secret.value)
            $0.member("expires_at", secret.expiresAt)
            $0.name("session")
            $0.session(shown(configuration), .current)
        }
    }

    /// `POST /v1/realtime/sessions`: the beta's flat session with the secret inside.
    func createLegacy(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try await createLegacy(request, context, .realtime, endpoint: "sessions")
    }

    /// `POST /v1/realtime/transcription_sessions`.
    func createLegacyTranscription(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try await createLegacy(request, context, .transcription, endpoint: "transcription_sessions")
    }

    private func createLegacy(
        _ request: Request, _ context: GatewayContext, _ kind: SessionConfiguration.Kind, endpoint: String
    ) async throws -> Response {
        let fields = try await RequestBody.fields(of: request)
        let configuration = try SessionConfiguration(parsingBeta: fields.object, kind: kind, defaultModel: "")
        let secret = try issue(configuration, .beta, seconds: Self.legacyLifetime, for: context.caller)
        metrics.issued(endpoint)
        var json = JSONWriter()
        json.session(shown(configuration), .beta, secret: secret)
        return .json(json.bytes)
    }

    private func issue(
        _ configuration: SessionConfiguration, _ dialect: Dialect, seconds: Int, for caller: Caller
    ) throws(APIError) -> ClientSecret {
        let now = AccessPolicy.now
        let grant = SecretGrant(
            id: RandomName.make(prefix: ""), configuration: configuration, dialect: dialect, expiresAt: now + seconds,
            account: caller.owner.account)
        guard let secret = secrets.issue(grant, now: now) else { throw .noRoomForSecret }
        return secret
    }

    private func shown(_ configuration: SessionConfiguration) -> Session {
        var configuration = configuration
        if configuration.model.isEmpty { configuration.model = defaultModel }
        return Session(
            id: SessionID(RandomName.make(prefix: "sess_")), expiresAt: 0, configuration: configuration)
    }

    private static func lifetime(_ fields: JSONFields) throws(ProtocolError) -> Int {
        guard let expiry = try fields.fields("expires_after") else { return defaultLifetime }
        if let anchor = try expiry.string("anchor"), anchor != "created_at" {
            throw .unknownWord(expiry.path(of: "anchor"), anchor, known: ["created_at"])
        }
        return try expiry.integer("seconds", in: lifetimes) ?? defaultLifetime
    }
}
