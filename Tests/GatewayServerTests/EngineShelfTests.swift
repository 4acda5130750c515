import HTTPTypes
import Logging
import NIOWebSocket
import RealtimeProtocol
import SpeechEngines
import Testing

@testable import GatewayServer

@Suite("Engines while they load and after")
struct EngineShelfTests {
    private static let scripted = EngineCatalog(default: ScriptedEngine().engine)

    @Test("While the default engine loads it is named first and refused in words; the others serve")
    func loading() throws {
        let shelf = EngineShelf(loading: "big", others: Self.scripted)
        shelf.report("loading the voice")
        #expect(shelf.names == ["big", ScriptedEngine.name])
        #expect(shelf.loading == "The models are loading: loading the voice.")
        #expect(try shelf.engine(of: ScriptedEngine.name).name == ScriptedEngine.name)
        for model in ["big", "gpt-realtime"] {
            #expect {
                try shelf.engine(of: model)
            } throws: { error in
                (error as? ProtocolError)?.code == "models_loading"
                    && (error as? ProtocolError)?.message.contains("loading the voice") == true
            }
        }
    }

    @Test("A loaded engine is the default, and any name means it")
    func loaded() throws {
        let shelf = EngineShelf(loading: "big", others: Self.scripted)
        var big = Self.scripted.default
        big.name = "big"
        shelf.add(big, [])
        #expect(shelf.loading == nil)
        #expect(shelf.names == ["big", ScriptedEngine.name])
        #expect(try shelf.engine(of: "gpt-realtime").name == "big")
        #expect(try shelf.engine(of: ScriptedEngine.name).name == ScriptedEngine.name)
    }

    @Test("While models load the process lives, is not ready and says why, and ready when they are there")
    func readiness() async throws {
        let shelf = EngineShelf(loading: "big", others: Self.scripted)
        try await RunningGateway.with(shelf: shelf) { gateway in
            #expect(try await gateway.http.send("GET", "/health").status == 200)
            let waiting = try await gateway.http.send("GET", "/ready")
            #expect(waiting.status == 503)
            #expect(waiting.headers["retry-after"] == "1")
            #expect(waiting.error["code"] as? String == "models_loading")
            #expect(waiting.error["message"] as? String == "The models are loading: about to begin.")
            shelf.add(Self.scripted.default, [])
            #expect(try await gateway.http.send("GET", "/ready").status == 200)
        }
    }

    @Test("A socket for a loading engine is told to come again: an error event, then close code 1013")
    func socket() async throws {
        let refusal = ProtocolError(.server, code: "models_loading", "The models are loading.")
        #expect(WebSocketClose.refused(refusal).code == .unknown(1013))
        #expect(APIError(refusal).status == .serviceUnavailable)
        #expect(APIError(refusal).headers[.retryAfter] != nil)
    }
}
