import Hummingbird
import RealtimeProtocol

/// What a client needs to reach calls from networks that let nothing through but a relay (RT-206).
struct ICEServerRoutes: Sendable {
    let configuration: GatewayConfiguration.ICE
    /// Unix seconds.
    let now: @Sendable () -> Int

    /// `GET /v1/realtime/ice-servers`: what an RTCConfiguration takes as its `iceServers`; none where none are configured.
    func list(_ request: Request, _ context: GatewayContext) -> Response {
        let direct = configuration.clientServers.filter { !$0.isRelay }.map(\.url)
        let relays = configuration.clientServers.filter(\.isRelay).map(\.url)
        let credentials =
            relays.isEmpty
            ? nil
            : RelayCredentials(
                secret: configuration.clientSecret, name: String(UInt32.random(in: .min ... .max), radix: 16),
                lifetimeSeconds: configuration.clientCredentialSeconds, now: now())
        let groups = [(direct, nil), (relays, credentials)].filter { !$0.0.isEmpty }
        return .json {
            $0.member("object", "list")
            $0.array("data", groups) { json, group in
                json.object {
                    $0.member("urls", group.0)
                    $0.member("username", ifAny: group.1?.username)
                    $0.member("credential", ifAny: group.1?.credential)
                }
            }
            $0.member("expires_at", orNull: credentials?.expiresAt)
        }
    }
}
