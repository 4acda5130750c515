import SpeechEngines
import Testing

@testable import GatewayServer

@Suite("Engines by configuration")
struct EngineEntryTests {
    private static let environment = ["VLLM_KEY": "sk-1", "EMPTY": ""]

    @Test("A line names a model and a server for each stage that is not the embedded one's")
    func line() throws {
        let entry = try EngineEntry(
            "support language=http://10.0.0.5:8000#qwen voice=https://tts.example/v1#kokoro speaker=af_sky "
                + "key=env:VLLM_KEY context=32768 images=true", environment: Self.environment)
        #expect(entry.name == "support")
        #expect(entry.servers.language?.base == "http://10.0.0.5:8000/v1")
        #expect(entry.servers.language?.model == "qwen")
        #expect(entry.servers.recogniser == nil)
        #expect(entry.servers.voice?.model == "kokoro")
        #expect(entry.servers.speaker == "af_sky")
        #expect(entry.servers.contextTokens == 32768)
        #expect(entry.servers.acceptsImages)
    }

    @Test(
        "A line that is wrong is refused, and the message says what of it",
        arguments: [
            ("", "no name"), ("language=http://a#m", "no name"), ("x", "no server"),
            ("x language=a#m", "language=a#m"), ("x language=http://a#m language=http://b#m", "twice"),
            ("x think=http://a#m", "think="), ("x language=http://a#m key=sk-1", "env:NAME"),
            ("x language=http://a#m key=env:NONE", "holds no key"),
            ("x language=http://a#m key=env:EMPTY", "holds no key"),
            ("x language=http://a#m key=file:/nowhere", "holds no key"),
            ("x language=http://a#m context=12", "context=12"),
            ("x language=http://a#m images=maybe", "images=maybe"), ("x speaker=y", "no server"),
        ])
    func wrong(text: String, part: String) throws {
        let mistake = #expect(throws: EngineEntry.Mistake.self) {
            try EngineEntry(text, environment: Self.environment)
        }
        #expect(mistake?.description.contains(part) == true, "\(mistake?.description ?? "")")
    }

    @Test("A refused line stops the start with the key's name")
    func refused() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try GatewayConfiguration(arguments: ["--engines", "x speaker=y", "--llm", "nowhere"])
        }
        #expect(error.problems.map(\.key) == ["llm", "engines"])
    }

    @Test("--llm takes an address, with fields after it where they are needed")
    func languageModel() throws {
        let servers = try GatewayConfiguration(
            arguments: ["--llm", "http://localhost:11434 key=env:VLLM_KEY context=4096"], environment: Self.environment
        ).engine.language
        #expect(servers?.language?.base == "http://localhost:11434/v1")
        #expect(servers?.language?.model == "")
        #expect(servers?.contextTokens == 4096)
    }
}
