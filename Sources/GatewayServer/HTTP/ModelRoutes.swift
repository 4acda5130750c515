import HTTPTypes
import Hummingbird
import RealtimeProtocol
import VoiceSession

/// The names a client may give as its model (RT-025). Any other name is served too, by the first of them.
struct ModelRoutes: Sendable {
    let names: [String]
    /// Unix seconds: when this server was started.
    let created: Int
    let prices: GatewayConfiguration.Prices

    /// Who asks for what is ours on the wire is told prices too (docs/extensions.md).
    func list(_ request: Request, _ context: GatewayContext) -> Response {
        let profile = ClientProfile(request, context.caller)
        return .json {
            $0.member("object", "list")
            $0.array("data", names) { json, name in json.object { model(name, &$0) } }
            if profile.wantsExtensions { $0.object("parley") { $0.member("prices", .object(prices.json)) } }
        }
    }

    func get(_ request: Request, _ context: GatewayContext) throws -> Response {
        guard let name = context.parameters.get("id"), names.contains(name) else { throw APIError.unknownModel }
        return .json { model(name, &$0) }
    }

    private func model(_ name: String, _ json: inout JSONWriter) {
        json.member("id", name)
        json.member("object", "model")
        json.member("created", created)
        json.member("owned_by", "parley")
    }
}
