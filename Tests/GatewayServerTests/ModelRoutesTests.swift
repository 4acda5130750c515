import Foundation
import GatewayServer
import Testing

@Suite("The list of models")
struct ModelRoutesTests {
    @Test("The list of models has the engines' names, and each can be asked for")
    func models() async throws {
        try await RunningGateway.with { gateway in
            let (_, list) = try await gateway.json("/v1/models", method: "GET")
            #expect(list["object"] as? String == "list")
            let models = try #require(list["data"] as? [[String: Any]])
            #expect(models.map { $0["id"] as? String } == [ScriptedSessions.defaultModel, "other"])
            for model in models {
                #expect(Set(model.keys) == ["id", "object", "created", "owned_by"])
                let name = try #require(model["id"] as? String)
                let (_, one) = try await gateway.json("/openai/v1/models/\(name)", method: "GET")
                #expect(one["id"] as? String == name)
            }
            let (missing, _) = try await gateway.json("/v1/models/none", method: "GET")
            #expect(missing.status == 404)
            #expect(missing.error["code"] as? String == "model_not_found")
        }
    }

    @Test("Who asks for what is ours is told prices with the models, as configured; nobody else sees them")
    func prices() async throws {
        let arguments = [
            "--prices-own", "* text-in=1.5 minute=0.006,big audio-out=64", "--prices-currency", "EUR",
            "--prices-hosted", "* text-in=4",
        ]
        try await RunningGateway.with(arguments) { gateway in
            let list = try await gateway.http.send("GET", "/v1/models", headers: [("Parley-Extensions", "1")])
            let members = try #require(try JSONSerialization.jsonObject(with: Data(list.body)) as? [String: Any])
            let prices = try #require((members["parley"] as? [String: Any])?["prices"] as? NSDictionary)
            #expect(
                prices == [
                    "currency": "EUR", "own": ["*": ["text_in": 1.5, "minute": 0.006], "big": ["audio_out": 64.0]],
                    "hosted": ["*": ["text_in": 4.0]],
                ])
            let (_, plain) = try await gateway.json("/v1/models", method: "GET")
            #expect(Set(plain.keys) == ["object", "data"])
        }
        try await RunningGateway.with { gateway in
            let (_, list) = try await gateway.json("/v1/models?parley=1", method: "GET")
            let prices = try #require((list["parley"] as? [String: Any])?["prices"] as? [String: Any])
            #expect((prices["own"] as? [String: Any])?.isEmpty == true)
        }
    }
}
