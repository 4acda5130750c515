import HTTPTypes
import Hummingbird
import RealtimeProtocol

/// The names a client may give as its model (RT-025). Any other name is served too, by the first of them.
struct ModelRoutes: Sendable {
    let names: [String]
    /// Unix seconds: when this server was started.
    let created: Int

    func list(_ request: Request, _ context: GatewayContext) -> Response {
        .json {
            $0.member("object", "list")
            $0.array("data", names) { json, name in json.object { model(name, &$0) } }
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
