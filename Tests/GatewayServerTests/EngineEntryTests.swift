import RealtimeProtocol
import Testing
import VoiceSession

@testable import GatewayServer
@testable import SpeechEngines

@Suite("Engines by configuration")
struct EngineEntryTests {
    private static let environment = ["VLLM_KEY": "sk-1", "OTHER": "sk-2", "EMPTY": ""]

    @Test("A line names a model and a server for each stage that is not the embedded one's")
    func line() throws {
        let entry = try EngineEntry(
            "support language=http://10.0.0.5:8000#qwen voice=https://tts.example/v1#kokoro speaker=af_sky "
                + "key=env:VLLM_KEY context=32768 images=true", environment: Self.environment)
        #expect(entry.name == "support")
        #expect(entry.servers.language.map(\.endpoint?.base) == ["http://10.0.0.5:8000/v1"])
        #expect(entry.servers.language.first?.endpoint?.model == "qwen")
        #expect(entry.servers.recogniser.isEmpty)
        #expect(entry.servers.voice.first?.endpoint?.model == "kokoro")
        #expect(entry.servers.voice.first?.speaker == "af_sky")
        #expect(entry.servers.language.first?.contextTokens == 32768)
        #expect(entry.servers.language.first?.acceptsImages == true)
    }

    @Test(
        "A stage named again is its fallback, and what is attached to a server holds for that one before what is the line's"
    )
    func fallbacks() throws {
        let entry = try EngineEntry(
            "x language=http://a#m;limit=8;queue=2;deadline-ms=2000;stall-ms=1500;hedge-ms=700;key=env:OTHER "
                + "language=embedded;deadline-ms=9000 language=http://b#n voice=http://c#v;format=wav key=env:VLLM_KEY "
                + "limit=3 text-in=4 minute=0.006", environment: Self.environment)
        let language = entry.servers.language
        #expect(language.map(\.endpoint?.base) == ["http://a/v1", nil, "http://b/v1"])
        #expect(language.map(\.endpoint?.key?.text) == ["sk-2", nil, "sk-1"])
        #expect(language.map(\.limits.concurrent) == [8, nil, 3])
        #expect(language.map(\.limits.queued) == [2, 64, 64])
        #expect(language.map(\.limits.firstOutput) == [.seconds(2), .seconds(9), nil])
        #expect(language.first?.limits.stall == .milliseconds(1500))
        #expect(language.first?.limits.hedge == .milliseconds(700))
        #expect(entry.servers.voice.first?.format == .wav)
        #expect(entry.price == PriceEntry("x text-in=4 minute=0.006"))
    }

    @Test("What a server of a stage takes and gives is said of it, and is the usual where nothing is said")
    func forms() throws {
        let entry = try EngineEntry(
            "x language=http://a#m;audio=true language=http://b#n recogniser=http://c#r stream=false "
                + "voice=http://d#v;format=opus voice=http://e#w;rate=22050", environment: Self.environment)
        #expect(entry.servers.language.map(\.hears) == [true, false])
        #expect(entry.servers.recogniser.map(\.streams) == [false])
        #expect(entry.servers.voice.map(\.format) == [.opus, .pcm])
        #expect(entry.servers.voice.map(\.rawHertz) == [24_000, 22_050])
        #expect(
            try EngineEntry("x recogniser=http://c#r", environment: [:]).servers.recogniser.map(\.streams) == [true])
    }

    @Test("An upstream takes the place of all stages")
    func upstream() throws {
        let entry = try EngineEntry(
            "x upstream=wss://api.example#gpt;key=env:OTHER upstream=ws://10.0.0.5:8080/v1/realtime#parley",
            environment: Self.environment)
        #expect(
            entry.upstreams.map { "\($0.host):\($0.port) \($0.isSecure)" } == [
                "api.example:443 true", "10.0.0.5:8080 false",
            ])
        #expect(entry.upstreams.map(\.model) == ["gpt", "parley"])
        #expect(entry.upstreams.map(\.key?.text) == ["sk-2", nil])
        #expect(entry.servers.isEmpty)
    }

    @Test(
        "A line that is wrong is refused, and the message says what of it",
        arguments: [
            ("", "no name"), ("language=http://a#m", "no name"), ("x", "no server"),
            ("x language=a#m", "language=a#m"), ("x limit=8 language=http://a#m limit=9", "limit= is there twice"),
            ("x language=http://a#m;limit=8;limit=9", "limit= is there twice"),
            ("x think=http://a#m", "think="), ("x language=http://a#m key=sk-1", "env:NAME"),
            ("x language=http://a#m key=env:NONE", "holds no key"),
            ("x language=http://a#m key=env:EMPTY", "holds no key"),
            ("x language=http://a#m key=file:/nowhere", "holds no key"),
            ("x language=http://a#m context=12", "context=12"),
            ("x language=http://a#m images=maybe", "images=maybe"), ("x speaker=y", "no server"),
            ("x language=http://a#m speaker=y", "no server that it is for"),
            ("x language=http://a#m;speaker=y", "has speaker="), ("x language=embedded;key=env:VLLM_KEY", "has key="),
            ("x language=embedded language=embedded", "twice"), ("x language=http://a#m;limit=0", "limit=0"),
            ("x language=http://a#m;deadline-ms=1.5", "deadline-ms=1.5"),
            ("x voice=http://a#m format=flac", "format=flac"), ("x voice=http://a#m rate=7", "rate=7"),
            ("x recogniser=http://a#m;audio=true", "has audio="),
            ("x language=http://a#m text-in=-1", "text-in=-1"),
            ("x upstream=http://a#m", "ws(s)://"),
            ("x upstream=wss://a#m language=http://b#m", "by itself"), ("x upstream=embedded", "ws(s)://"),
        ])
    func wrong(text: String, part: String) throws {
        let mistake = #expect(throws: EngineEntry.Mistake.self) {
            try EngineEntry(text, environment: Self.environment)
        }
        #expect(mistake?.description.contains(part) == true, "\(mistake?.description ?? "")")
    }

    @Test("A password in an address is refused without being shown")
    func password() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try GatewayConfiguration(arguments: ["--engines", "x language=http://u:secret@a#m"])
        }
        #expect(!error.description.contains("secret"))
        #expect(error.description.contains("key=env:NAME"))
    }

    @Test("Deadlines that were not named are chosen to fit into the session's, and those that were must fit")
    func deadlines() throws {
        let entry = { (line: String) in
            try GatewayConfiguration(
                arguments: ["--engines", line, "--session-first-token-deadline-seconds", "10"],
                environment: Self.environment
            ).engine.entries[0]
        }
        #expect(try entry("x language=http://a#m").servers.language.map(\.limits.firstOutput) == [nil])
        #expect(
            try entry("x language=http://a#m language=embedded").servers.language.map(\.limits.firstOutput)
                == [.milliseconds(4500), .milliseconds(4500)])
        #expect(
            try entry("x language=http://a#m language=embedded;deadline-ms=8000").servers.language
                .map(\.limits.firstOutput) == [.seconds(1), .seconds(8)])
        for line in ["x language=http://a#m;deadline-ms=9001", "x voice=http://a#m;stall-ms=9001"] {
            let error = try #require(throws: ConfigurationError.self) { try entry(line) }
            #expect(error.problems.map(\.key) == ["engines"])
        }
    }

    @Test("Lines that name the same server share its places, and another key, stage or address is another server")
    func shared() throws {
        let choice = try GatewayConfiguration(
            arguments: [
                "--llm", "http://a#m limit=6", "--engines", "x language=http://a#m;limit=4 language=embedded;limit=1",
                "--engines", "y language=http://a/v1#other recogniser=http://a#w language=http://b#m;limit=2",
                "--engines", "z language=http://a#m;key=env:VLLM_KEY;limit=3 voice=http://c#v",
            ], environment: Self.environment
        ).engine
        let lines = choice.entries.map(\.servers)
        let common = try #require(choice.servers?.language[0].places)
        #expect(common.limit == 4)
        #expect(lines[0].language[0].places === common)
        #expect(lines[1].language[0].places === common, "it names no limit of its own")
        #expect(lines[1].language[1].places?.limit == 2)
        #expect(lines[2].language[0].places?.limit == 3)
        #expect(lines[0].language[1].places == nil && lines[1].recogniser[0].places == nil)
        #expect(lines[2].voice[0].places == nil)
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
        ).engine.servers?.language
        #expect(servers?.map(\.endpoint?.base) == ["http://localhost:11434/v1"])
        #expect(servers?.first?.endpoint?.model == "")
        #expect(servers?.first?.contextTokens == 4096)
    }

    @Test("The embedded language model is left out where servers think and no line names it")
    func thinksElsewhere() throws {
        let choice = { (lines: [String]) in
            try GatewayConfiguration(arguments: lines, environment: Self.environment).engine
        }
        #expect(try !choice([]).thinksElsewhere)
        #expect(try choice(["--llm", "http://a#m"]).thinksElsewhere)
        #expect(try !choice(["--llm", "http://a#m language=embedded"]).thinksElsewhere)
        #expect(try !choice(["--llm", "http://a#m", "--engines", "x language=embedded"]).thinksElsewhere)
    }
}
