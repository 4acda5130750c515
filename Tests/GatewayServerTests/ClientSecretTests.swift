import RealtimeProtocol
import Testing
import VoiceSession

@testable import GatewayServer

@Suite("Client secrets")
struct ClientSecretTests {
    private static let words = "0123456789abcdef0123456789abcdef"
    private static let now = 1_800_000_000

    private func grant(
        _ configuration: SessionConfiguration = SessionConfiguration(kind: .realtime, model: ""),
        expiresAt: Int = now + 600
    ) -> SecretGrant {
        SecretGrant(id: "someone", configuration: configuration, dialect: .current, expiresAt: expiresAt)
    }

    private var rich: SessionConfiguration {
        get throws {
            let text = #"""
                {"type":"realtime","model":"m","output_modalities":["text"],"instructions":"Ä\n\"x\"","tool_choice":"required",
                 "tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","x":[1,2.5,null]}}],
                 "max_output_tokens":77,"truncation":{"type":"retention_ratio","retention_ratio":0.5},"tracing":"auto",
                 "include":["item.input_audio_transcription.logprobs"],"reasoning":{"effort":"high"},
                 "parallel_tool_calls":false,
                 "audio":{"input":{"format":{"type":"audio/pcmu"},"transcription":{"model":"w","language":"de"},
                  "noise_reduction":{"type":"far_field","strength":0.25},
                  "turn_detection":{"type":"server_vad","threshold":0.25,"idle_timeout_ms":6000,"create_response":false}},
                 "output":{"format":{"type":"audio/pcma"},"voice":"cedar","speed":1.25}}}
                """#
            return try SessionConfiguration(
                parsing: try RequestBody.object(Array(text.utf8), named: nil), defaultModel: "")
        }
    }

    @Test("Every field of a configuration comes out as it went in")
    func roundTrip() throws {
        let secrets = ClientSecrets(box: SecretBox(words: Self.words))
        var semantic = SessionConfiguration(kind: .realtime, model: "")
        semantic.input.turnDetection = .semantic(SemanticVAD(eagerness: .low))
        semantic.output.voice = .custom(id: "voice_1")
        semantic.toolChoice = .function(name: "f")
        var silent = SessionConfiguration(kind: .transcription, model: "t")
        silent.input.turnDetection = nil
        for configuration in [try rich, semantic, silent, SessionConfiguration(kind: .transcription, model: "")] {
            let grant = grant(configuration)
            let secret = try #require(secrets.issue(grant, now: Self.now))
            #expect(secret.value.hasPrefix("ek_"))
            #expect(secret.value.utf8.count <= ClientSecrets.maxBytes)
            #expect(secret.expiresAt == grant.expiresAt)
            #expect(try secrets.open(secret.value, now: Self.now) == grant)
        }
    }

    @Test("Two secrets of the same session differ and show nothing of it")
    func opaque() throws {
        let secrets = ClientSecrets(box: SecretBox(words: Self.words))
        let values = try (0..<2).map { _ in try #require(secrets.issue(grant(try rich), now: Self.now)).value }
        #expect(values[0] != values[1])
        #expect(values.allSatisfy { $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") } })
    }

    @Test("A secret ends with the second it expires in")
    func expiry() throws {
        let secrets = ClientSecrets(box: SecretBox(words: Self.words))
        let value = try #require(secrets.issue(grant(), now: Self.now)).value
        _ = try secrets.open(value, now: Self.now + 599)
        #expect(throws: ClientSecrets.Refusal.expired) { try secrets.open(value, now: Self.now + 600) }
    }

    @Test("A secret changed in any character, cut, or made up is refused")
    func forged() throws {
        let secrets = ClientSecrets(box: SecretBox(words: Self.words))
        let value = Array(try #require(secrets.issue(grant(), now: Self.now)).value.utf8)
        for index in ClientSecrets.prefix.utf8.count..<value.count {
            var changed = value
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            // The last character may hold bits that no byte uses; those are refused too.
            #expect(throws: ClientSecrets.Refusal.forged) {
                try secrets.open(String(decoding: changed, as: UTF8.self), now: Self.now)
            }
            #expect(throws: ClientSecrets.Refusal.forged) {
                try secrets.open(String(decoding: value[..<index], as: UTF8.self), now: Self.now)
            }
        }
        for text in ["ek_", "ek_!", "ek_AAAA", "ek_" + String(repeating: "A", count: 100_000), "ek_é"] {
            #expect(throws: ClientSecrets.Refusal.forged) { try secrets.open(text, now: Self.now) }
        }
    }

    @Test("Servers with the same words take each other's secrets, others do not")
    func sharedKey() throws {
        let value = try #require(
            ClientSecrets(box: SecretBox(words: Self.words)).issue(grant(try rich), now: Self.now)
        ).value
        let same = ClientSecrets(box: SecretBox(words: Self.words))
        let expected = grant(try rich)
        #expect(try same.open(value, now: Self.now) == expected)
        for other in [SecretBox(words: Self.words + "x"), SecretBox(), SecretBox(words: "")] {
            #expect(throws: ClientSecrets.Refusal.forged) { try ClientSecrets(box: other).open(value, now: Self.now) }
        }
    }

    @Test("A configuration too large for a header is held by the server that made it, and only there")
    func large() throws {
        var configuration = SessionConfiguration(kind: .realtime, model: "m")
        configuration.instructions = String(repeating: "Be brief. ", count: 1000)
        let (one, two) = (SecretBox(words: Self.words), SecretBox(words: Self.words))
        let secrets = ClientSecrets(box: one)
        let value = try #require(secrets.issue(grant(configuration), now: Self.now)).value
        #expect(value.utf8.count < 200)
        #expect(try secrets.open(value, now: Self.now).configuration == configuration)
        #expect(throws: ClientSecrets.Refusal.expired) { try secrets.open(value, now: Self.now + 600) }
        #expect(throws: ClientSecrets.Refusal.elsewhere) { try ClientSecrets(box: two).open(value, now: Self.now) }
    }

    @Test("What is held is bounded, and what has expired makes room")
    func bound() throws {
        var configuration = SessionConfiguration(kind: .realtime, model: "m")
        configuration.instructions = String(repeating: "x", count: 6000)
        let secrets = ClientSecrets(box: SecretBox(), held: HeldConfigurations(maxBytes: 10_000))
        #expect(secrets.issue(grant(configuration), now: Self.now) != nil)
        let other = SecretGrant(
            id: "other", configuration: configuration, dialect: .beta, expiresAt: Self.now + 2000)
        #expect(secrets.issue(other, now: Self.now + 599) == nil)
        let secret = try #require(secrets.issue(other, now: Self.now + 600))
        #expect(try secrets.open(secret.value, now: Self.now + 600) == other)
    }

    @Test("Only the secret that made a call reaches it; keys reach all")
    func reach() {
        let (one, two) = (
            grant(), SecretGrant(id: "b", configuration: grant().configuration, dialect: .current, expiresAt: 0)
        )
        #expect(Caller.secret(one).mayReach(callOf: .secret(one)))
        #expect(!Caller.secret(one).mayReach(callOf: .secret(two)))
        #expect(!Caller.secret(one).mayReach(callOf: .key(AccountID("k"))))
        #expect(!Caller.secret(one).mayReach(callOf: .anybody))
        #expect(Caller.key(AccountID("k")).mayReach(callOf: .secret(one)))
        #expect(Caller.anybody.mayReach(callOf: .secret(two)))
    }
}
