extension ConfigurationKey {
    /// Every key there is.
    package static let all: [ConfigurationKey] = listeners + access + sessions + media + engines + process

    private static let ports = 0...65535

    private static let listeners: [ConfigurationKey] = [
        .init(
            "http.hosts", .list(["127.0.0.1", "::1"]),
            "Numeric addresses that HTTP listens on. Anything but loopback needs auth.keys. ::1 is left out where the "
                + "machine has no IPv6.", check: Checks.address),
        .init("http.port", .integer(8080, ports), "HTTP port; 0 takes a free one."),
        .init(
            "http.allowed-hosts", .list([]),
            "Host names (no port) accepted beside loopback while no key is configured; guards against DNS rebinding.",
            check: Checks.hostName),
        .init(
            "http.allowed-origins", .list([]),
            "Origins accepted beside loopback pages while no key is configured, like https://app.example:8443; "
                + "\"null\" admits pages opened from files.", check: Checks.origin),
        .init(
            "https.hosts", .list(["127.0.0.1", "::1"]), "Numeric addresses that HTTPS listens on; as http.hosts.",
            check: Checks.address),
        .init("https.port", .integer(8443, ports), "HTTPS port; 0 takes a free one."),
        .init(
            "https.certificate", .text("Certs/local/server.pem"),
            "Certificate chain, PEM. HTTPS stays off while the default file does not exist (make certs).",
            check: Checks.path),
        .init(
            "https.private-key", .text("Certs/local/server.key"), "Private key of the certificate, PEM.",
            check: Checks.path),
        .init(
            "https.ca-certificate", .text("Certs/local/ca.pem"),
            "Certificate of the local authority: served at /parley-ca.pem and named at the start.", check: Checks.path),
    ]

    private static let access: [ConfigurationKey] = [
        .init(
            "auth.keys", .list([]), secret: true,
            "Keys a client may present as Authorization: Bearer. With none, only loopback is served, any bearer is "
                + "taken, and foreign Host and Origin headers are refused.", check: Checks.apiKey),
        .init("auth.keys-file", .text(nil), "File with one key per line; # starts a comment.", check: Checks.path),
        .init(
            "auth.secret-key", .text(nil), secret: true,
            "At least 32 characters from which the key of client secrets is made. Servers with the same take each "
                + "other's; none means a random one, so that a restart ends all client secrets.",
            check: Checks.secretKey),
        .init(
            "auth.secret-key-file", .text(nil), "File whose first line is auth.secret-key.", check: Checks.path),
        .init("web.directory", .text("Web"), "Static files served at /.", check: Checks.path),
        .init(
            "calls.max-unconnected", .integer(64, 1...65536),
            "Calls that may be waiting for their connection at once; more are answered 503 with Retry-After."),
        .init(
            "calls.max-unconnected-per-address", .integer(16, 1...65536),
            "The same per client address."),
        .init(
            "calls.setup-timeout-seconds", .integer(30, 1...600), "A call not connected after this time is dropped."),
    ]

    private static let sessions: [ConfigurationKey] = [
        .init(
            "session.max-duration-seconds", .integer(0, 0...10_000_000),
            "A session is ended after this time with session_expired; 0 means no limit."),
        .init(
            "session.max-count", .integer(0, 0...1_000_000),
            "Sessions at once; a further call is answered 503, a further WebSocket closed with 1013. 0 means no limit."),
        .init(
            "session.resume-seconds", .integer(30, 0...3_600),
            "How long a session waits for a client that was lost and asked for extensions, which may then come back with the "
                + "token of parley.resume; 0 gives no tokens. A session that waits counts as any other."),
        .init(
            "session.audio-memory-mib", .integer(1_024, 0...1_048_576),
            "Sound that the items of all sessions keep together, for conversation.item.retrieve and for models that hear. Beyond "
                + "it a session lets the oldest of its own go, down to 1 MiB; in any case beyond 16 MiB."),
        .init(
            "session.tokens-per-minute", .integer(0, 0...1_000_000_000),
            "Limit told to clients in rate_limits.updated after each response; 0 sends none. It is told, not enforced."),
        .init(
            "session.apology", .text("Sorry, something went wrong. Please say that again."),
            "What the assistant says aloud where its language model failed, before the response ends as failed; \"\" for "
                + "nothing."),
        .init(
            "session.recogniser-deadline-seconds", .integer(20, 1...3_600),
            "A turn whose transcript has not come by then counts as not intelligible."),
        .init(
            "session.first-token-deadline-seconds", .integer(30, 1...3_600),
            "A response whose language model has said nothing by then fails."),
        .init(
            "session.next-token-deadline-seconds", .integer(20, 1...3_600),
            "A response whose language model falls silent for so long fails."),
        .init(
            "session.voice-deadline-seconds", .integer(10, 1...3_600),
            "A response whose voice makes no sound for so long, while none is left to be heard, goes on as text alone and "
                + "ends as failed."),
        .init(
            "prices.own", .list([]),
            "What a session costs here, for its log line: a model (* for all others) and prices per million tokens, "
                + "\"* text-in=1 text-out=2\"; names are text-, audio- and image- with in, cached and out, and minute for "
                + "a minute of transcription.", check: Checks.price),
        .init(
            "prices.hosted",
            .list([
                "* text-in=4 text-cached=0.4 text-out=24 audio-in=32 audio-cached=0.4 audio-out=64 image-in=5 "
                    + "image-cached=0.5 minute=0.017"
            ]),
            "The same for what the hosted service would have cost; the default is the list price of gpt-realtime-2.1 "
                + "in autumn 2026.", check: Checks.price),
        .init("prices.currency", .text("USD"), "Named beside the costs in the log, and that of the budgets."),
        .init(
            "budget.session", .text(nil),
            "What one session may cost by its engine's price: then the assistant says budget.words, the response ends as "
                + "failed with insufficient_quota, and further ones are refused. None means no limit.",
            check: Checks.budget),
        .init(
            "budget.key", .text(nil),
            "The same for all sessions of one key together, and of the client secrets it made; kept by this process.",
            check: Checks.budget),
        .init(
            "budget.key-hours", .integer(24, 1...8_784),
            "After so many hours from its first charge a key's budget begins anew."),
        .init(
            "budget.words", .text("I am sorry, the budget for this conversation is used up."),
            "What the assistant says aloud where a budget is used up; \"\" for nothing."),
        .init(
            "mcp.servers", .list([]),
            "MCP servers (streamable HTTP) whose labels every client may name in a tool of type mcp, \"LABEL=URL "
                + "key=env:NAME tools=NAME;NAME approval=never\": key= is sent as a bearer, tools= are all that is open, "
                + "approval= (always or never) holds where the client does not say."),
        .init(
            "mcp.allowed-hosts", .list([]),
            "Hosts of which a client with a key of the gateway may name a server_url of its own: a name, *.example.com, or "
                + "* for any. The holder of a client secret may name labels alone.", check: Checks.hostPattern),
        .init(
            "mcp.private-hosts", .list([]),
            "Hosts of MCP servers, names or numbers, that may have a private, loopback or link-local address; for any other "
                + "such an address is refused, whatever its name says.", check: Checks.hostOrNumber),
        .init(
            "mcp.call-timeout-seconds", .integer(60, 1...600), "A call of an MCP server's tool fails after this time."),
    ]

    private static let media: [ConfigurationKey] = [
        .init(
            "ice.addresses", .list([]), "Numeric local addresses offered for media; none means all interfaces.",
            check: Checks.address),
        .init(
            "ice.public-address", .text(nil),
            "IPv4 address of a 1:1 NAT; shown beside each IPv4 host candidate.", check: Checks.ipv4Address),
        .init(
            "ice.port-range", .text(nil), "UDP and TCP ports for media, \"min-max\"; absent means any.",
            check: Checks.portRange),
        .init("ice.stun-server", .text(nil), "STUN server, \"host:port\".", check: Checks.hostAndPort),
        .init(
            "ice.turn-servers", .list([]), "TURN servers, \"turn:host:port?transport=udp\" or \"transport=tcp\".",
            check: Checks.turnServer),
        .init("ice.turn-user", .text(nil), "User name for the TURN servers."),
        .init("ice.turn-password", .text(nil), secret: true, "Password for the TURN servers."),
        .init(
            "ice.client-servers", .list([]),
            "Servers that GET /v1/realtime/ice-servers names to clients: \"stun:host:port\", "
                + "\"turn:host:port?transport=udp\" or \"transport=tcp\", \"turns:host:port\".",
            check: Checks.clientServer),
        .init(
            "ice.client-secret", .text(nil), secret: true,
            "Shared secret of those TURN servers (coturn's static-auth-secret), for credentials that expire."),
        .init(
            "ice.client-seconds", .integer(600, 60...86400),
            "How long a client may make new relays with its credentials."),
        .init("ice.tcp", .flag(true), "Offer passive TCP candidates beside UDP."),
        .init(
            "ice.gather-timeout-ms", .integer(500, 0...10000),
            "Longest time an answer waits for STUN and TURN servers."),
        .init("media.loops", .integer(0, 0...1024), "Threads that carry calls; 0 means one per core."),
        .init(
            "media.max-late-percent", .integer(5, 0...100),
            "A new session is answered 503 while more than this share of frames left 10 ms or more after their time in the "
                + "last seconds; 100 lets all in."),
        .init(
            "media.max-busy-percent", .integer(80, 0...100),
            "The same while the threads that carry calls work for more than this share of their time; 100 lets all in."),
        .init("audio.bitrate-bps", .integer(32000, 6000...510_000), "Bit rate of the Opus we send."),
        .init("audio.complexity", .integer(5, 0...10), "Opus encoder complexity: sound against processor time."),
        .init(
            "audio.expected-loss-percent", .integer(0, 0...100),
            "Loss that the sound we send is coded for before a client reports any: above 0 each packet carries a coarse copy of the "
                + "one before from the start (in-band FEC), and takes more processor time. What is reported raises it in any case."
        ),
        .init(
            "audio.complexity-follows-load", .flag(true),
            "Step by step down from audio.complexity while a thread that carries calls works for 60 % of its time or more, at last "
                + "without what is above 8 kHz, and up again when it has time. false for measurements."),
    ]

    private static let engines: [ConfigurationKey] = [
        .init(
            "engine.embedded", .flag(true),
            "Load the embedded engine, parley-embedded, where its models are; it is the default engine then."),
        .init(
            "engine.script", .text(nil),
            "Script file (docs/scripted-engine.md): parley-scripted follows it and is the default engine; no model is "
                + "loaded.", check: Checks.path),
        .init(
            "llm", .text(nil),
            "Model server that thinks for the default engine, by OpenAI's HTTP API: \"http://localhost:11434/v1#MODEL\"; "
                + "without #MODEL its first. Fields may follow as in engines: key=env:NAME context=32768 language=embedded."
        ),
        .init(
            "engines", .list([]),
            "Further engines (docs/engines.md): the model name clients ask for, servers in order for each stage that is not "
                + "the embedded one's alone, and their fields, \"NAME language=URL#MODEL;limit=8 language=embedded "
                + "voice=URL#MODEL key=env:NAME\"; or \"NAME upstream=wss://…#MODEL key=env:NAME\"."),
        .init(
            "models.directory", .text(nil),
            "Directory of fetched models; none means parley in the user's cache directory ($XDG_CACHE_HOME, else "
                + "~/.cache)."),
        .init(
            "models.mirror", .text(nil),
            "Directory that holds the packages of the models under their own names; parley models fetch then needs no "
                + "network.", check: Checks.path),
        .init(
            "models.profile", .text("auto"),
            "Which models: tiny (the smallest language model, for tests), default, quality (bigger ones), or auto: quality "
                + "where its models were fetched and this machine is fast enough for them, else default.",
            check: Checks.modelProfile),
        .init(
            "models.recogniser", .text(nil),
            "Directory with another recogniser that sherpa-onnx runs, or the name of one that parley models add put into "
                + "the library. Its kind is told by its files.", check: Checks.path),
        .init("models.voice", .text(nil), "The same for the voice.", check: Checks.path),
        .init(
            "models.language-model", .text(nil),
            "GGUF file of another language model than the profile's, or the name of one that parley models add put into "
                + "the library; its chat template must be one that llama.cpp knows.", check: Checks.path),
        .init(
            "models.conversations", .integer(0, 0...64),
            "Conversations that the embedded engine holds at once; a further one is refused, with 503 or 1013, rather than "
                + "all made slow. 0 means two for each processor core."),
        .init(
            "models.language-threads", .integer(1, 1...256),
            "Threads of the language model. More than there are idle cores make it slower."),
        .init(
            "models.language-cache-tokens", .integer(8192, 4096...1_048_576),
            "Tokens of all conversations together that the language model keeps read; a conversation may use up to 4096. "
                + "docs/models.md says what one costs."),
    ]

    private static let process: [ConfigurationKey] = [
        .init(
            "log.level", .text("info"), "trace, debug, info, notice, warning, error or critical.",
            check: Checks.logLevel),
        .init(
            "tracing.otlp-url", .text(nil),
            "Collector that the times of each turn are sent to as a trace, by OTLP over HTTP: \"http://127.0.0.1:4318\". None: "
                + "nothing is sent.", check: Checks.origin),
        .init(
            "journal.directory", .text(nil),
            "Directory in which the events of every session are kept, one file for each, which parley replay takes. None: "
                + "nothing is kept.", check: Checks.path),
        .init(
            "journal.audio", .flag(false),
            "What both sides say is kept too, as a WAV file beside the events: up to 346 MB for each hour of a session. Callers "
                + "have to know."),
        .init(
            "journal.retention-hours", .integer(168, 1...876_000), "After so many hours a session's files are removed."),
        .init(
            "stop.deadline-seconds", .integer(10, 1...600),
            "Time each service has to end by itself at a stop before it is cancelled."),
        .init(
            "stop.drain-seconds", .integer(0, 0...86400),
            "At a stop, time for the sessions that there are to end by themselves before they are ended; new ones are "
                + "answered 503 meanwhile."),
    ]
}
