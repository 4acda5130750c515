import Foundation
import GatewayServer
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    private func problems(
        _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
    ) -> [ConfigurationError.Problem] {
        do {
            _ = try GatewayConfiguration(arguments: arguments, environment: environment, file: file)
            return []
        } catch {
            return error.problems
        }
    }

    @Test("The defaults are safe: loopback only, no keys, HTTPS without a certificate off")
    func defaults() throws {
        let configuration = try GatewayConfiguration()
        #expect(configuration.http.hosts == ["127.0.0.1", "::1"])
        #expect(configuration.http.port == 8080)
        #expect(configuration.https.listener.port == 8443)
        #expect(configuration.auth.keys.isEmpty)
        #expect(configuration.calls.maxUnconnected == 64)
        #expect(configuration.calls.maxUnconnectedPerAddress == 16)
        #expect(configuration.calls.setupTimeout == .seconds(30))
        #expect(configuration.ice.tcp)
        #expect(configuration.ice.gatherTimeout == .milliseconds(500))
        #expect(configuration.ice.portRange == nil)
    }

    @Test("A flag wins over the environment, that over the file, that over the default")
    func precedence() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file(
            "p.yaml", "http:\n  port: 1001\n  hosts: [127.0.0.1]\ncalls:\n  max-unconnected: 5\nmedia:\n  loops: 3\n")
        let configuration = try GatewayConfiguration(
            arguments: ["--http-port", "3003"],
            environment: ["PARLEY_HTTP_PORT": "2002", "PARLEY_MEDIA_LOOPS": "2", "HOME": "/"], file: file)
        #expect(configuration.http.port == 3003)
        #expect(configuration.media.loops == 2)
        #expect(configuration.calls.maxUnconnected == 5)
        #expect(configuration.http.hosts == ["127.0.0.1"])
        #expect(configuration.https.listener.port == 8443)
    }

    @Test("Of a flag given twice the last one counts, and a list grows")
    func repeatedFlags() throws {
        let configuration = try GatewayConfiguration(arguments: [
            "--http-port", "1", "--http-port=2", "--http-allowed-hosts", "a,b", "--http-allowed-hosts", "c", "D",
        ])
        #expect(configuration.http.port == 2)
        #expect(configuration.http.allowedHosts == ["a", "b", "c", "d"])
    }

    @Test("PARLEY_CONFIG names the file, and an empty file changes nothing")
    func fileFromEnvironment() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("p.yaml", "http:\n  port: 1001\n")
        #expect(try GatewayConfiguration(environment: ["PARLEY_CONFIG": file]).http.port == 1001)
        let empty = try directory.file("empty.yaml", "# nothing\n")
        #expect(try GatewayConfiguration(file: empty).http.port == 8080)
    }

    @Test("The sound of sessions needs a place to be kept")
    func journalAudio() {
        #expect(problems(["--journal-audio", "true"]).map(\.key) == ["journal.audio"])
        #expect(problems(["--journal-audio", "true", "--journal-directory", "/tmp/kept"]).isEmpty)
    }

    @Test("Unknown flags, variables and keys are refused by name")
    func unknown() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("p.yaml", "http:\n  prot: 1\nnonsense: {a: {b: 1}}\n")
        let found = problems(["--http-prot", "1"], environment: ["PARLEY_HTTP_PROT": "1"], file: file)
        #expect(found.map(\.key) == ["--http-prot", "PARLEY_HTTP_PROT", "http.prot", "nonsense.a.b"])
        #expect(found.contains { $0.key == "http.prot" && $0.source == file })
    }

    @Test("A word that belongs to no flag is refused")
    func strayWord() {
        #expect(problems(["stray"]).map(\.key) == ["stray"])
        #expect(problems(["--http-port=1", "stray"]).map(\.key) == ["stray"])
    }

    @Test("A bad value names its key, its source and what it must be")
    func badValues() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("p.yaml", "log:\n  level: loud\nhttp:\n  hosts: 127.0.0.1\n")
        let found = problems(
            ["--http-port", "70000", "--ice-port-range=9-1"], environment: ["PARLEY_MEDIA_LOOPS": "many"], file: file)
        let byKey = Dictionary(found.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        #expect(Set(byKey.keys) == ["http.port", "ice.port-range", "media.loops", "log.level", "http.hosts"])
        #expect(byKey["http.port"]?.source == "flag --http-port")
        #expect(byKey["http.port"]?.text == "must be 0 to 65535, not \"70000\"")
        #expect(byKey["media.loops"]?.source == "environment variable PARLEY_MEDIA_LOOPS")
        #expect(byKey["media.loops"]?.text == "must be a number, 0 to 1024")
        #expect(byKey["log.level"]?.source == file)
        #expect(byKey["http.hosts"]?.text == "must be a list of texts")
    }

    @Test("A file that is missing or not YAML is refused by its name")
    func badFile() throws {
        let directory = try TemporaryDirectory()
        for file in [
            directory.path + "/none", try directory.file("p.yaml", "a: [\n"), try directory.file("l.yaml", "- 1"),
        ] {
            #expect(problems(file: file).contains { $0.source == file })
        }
    }

    @Test(
        "Listening beyond loopback without keys is refused and names auth.keys",
        arguments: ["0.0.0.0", "::", "10.1.2.3"])
    func openWithoutKeys(host: String) throws {
        let found = problems(["--http-hosts", host])
        #expect(found.map(\.key) == ["http.hosts"])
        #expect(found.first?.text.contains("auth.keys") == true)
        #expect(problems(["--http-hosts", host, "--auth-keys", "k"]).isEmpty)
    }

    @Test("HTTPS beyond loopback needs keys too, once there is a certificate")
    func openHTTPS() throws {
        let directory = try TemporaryDirectory()
        let files = [
            "--https-certificate", try directory.file("c.pem", ""), "--https-private-key", try directory.file("k", ""),
        ]
        #expect(problems(files + ["--https-hosts", "0.0.0.0"]).map(\.key) == ["https.hosts"])
        // The default files are there once `make certs` was run in this directory.
        let hasDefault = FileManager.default.isReadableFile(atPath: "Certs/local/server.pem")
        #expect(problems(["--https-hosts", "0.0.0.0"]).map(\.key) == (hasDefault ? ["https.hosts"] : []))
    }

    @Test("Files that were named must exist")
    func namedFiles() throws {
        #expect(
            problems(["--https-certificate", "/none.pem", "--https-private-key", "/none.key"]).map(\.key)
                == ["https.certificate", "https.private-key"])
        #expect(problems(["--auth-keys-file", "/none"]).map(\.key) == ["auth.keys-file"])
        #expect(problems(["--web-directory", "/none"]).map(\.key) == ["web.directory"])
        let directory = try TemporaryDirectory()
        #expect(problems(["--auth-keys-file", try directory.file("k", "#\n")]).map(\.key) == ["auth.keys-file"])
    }

    @Test("Refused keys are never shown")
    func secrets() {
        #expect {
            try GatewayConfiguration(arguments: ["--auth-keys", "se cret"])
        } throws: { error in
            "\(error)".hasPrefix("auth.keys (flag --auth-keys)") && !"\(error)".contains("cret")
        }
    }

    @Test("STUN and TURN servers are parsed, and TURN needs its user and password")
    func servers() throws {
        let turn = "turn:turn.example:3479?transport=tcp,turn:[2001:db8::1]"
        #expect(problems(["--ice-turn-servers", turn]).map(\.key) == ["ice.turn-user", "ice.turn-password"])
        let ice = try GatewayConfiguration(
            arguments: [
                "--ice-turn-servers", turn, "--ice-turn-user", "u", "--ice-turn-password", "p", "--ice-stun-server",
                "stun.example", "--ice-port-range", "40000-40100", "--ice-tcp", "false",
            ]
        ).ice
        #expect(ice.turnServers.map(\.address.host) == ["turn.example", "2001:db8::1"])
        #expect(ice.turnServers.map(\.address.port) == [3479, 3478])
        #expect(ice.turnServers.map(\.transport) == [.tcp, .udp])
        #expect(ice.stunServer?.port == 3478)
        #expect(ice.portRange == 40000...40100)
        #expect(!ice.tcp)
        for bad in [
            "turn.example", "turn:", "turn:h?transport=tls", "turn:h?x=udp", "turns:h", "turn:h:0", "turn:h:99999",
        ] {
            #expect(problems(["--ice-turn-servers", bad]).contains { $0.key == "ice.turn-servers" }, "\(bad)")
        }
        for bad in ["1", "1-", "-1", "0-5", "5-4", "1-65536", "1-2-3", "a-b"] {
            #expect(problems(["--ice-port-range=\(bad)"]).map(\.key) == ["ice.port-range"], "\(bad)")
        }
    }

    @Test("Servers for clients are parsed, and relays among them need the shared secret")
    func clientServers() throws {
        let servers = "stun:stun.example,turn:[2001:db8::1]:3479?transport=tcp,turns:turn.example"
        #expect(problems(["--ice-client-servers", servers]).map(\.key) == ["ice.client-secret"])
        #expect(problems(["--ice-client-servers", "stun:stun.example"]).isEmpty)
        let ice = try GatewayConfiguration(
            arguments: ["--ice-client-servers", servers, "--ice-client-secret", "s"]
        ).ice
        #expect(ice.clientServers.map(\.url) == servers.split(separator: ",").map(String.init))
        #expect(ice.clientServers.map(\.isRelay) == [false, true, true])
        for bad in ["turn.example", "stun:", "turn:h?x=udp", "turns:h:0", "https://h", "stun:h?transport=udp"] {
            #expect(problems(["--ice-client-servers", bad]).contains { $0.key == "ice.client-servers" }, "\(bad)")
        }
    }

    @Test("The public address must be IPv4, since only IPv4 candidates are mapped")
    func publicAddress() throws {
        #expect(try GatewayConfiguration(arguments: ["--ice-public-address", "203.0.113.7"]).ice.publicAddress != nil)
        for bad in ["2001:db8::7", "::ffff:203.0.113.7", "gateway.example", "203.0.113"] {
            let found = problems(["--ice-public-address", bad])
            #expect(found.map(\.key) == ["ice.public-address"], "\(bad)")
            #expect(found.first?.text == "must be a numeric IPv4 address, not \"\(bad)\"")
        }
    }

    @Test("Every key can be given as a flag and as a variable, and has a meaning")
    func everyKey() {
        #expect(Set(ConfigurationKey.all.map(\.name)).count == ConfigurationKey.all.count)
        for key in ConfigurationKey.all {
            #expect(!key.doc.isEmpty)
            #expect(!problems(["\(key.flag)=x"]).contains { $0.key == key.flag }, "\(key.name)")
            #expect(
                !problems(environment: [key.environmentVariable: "x"]).contains { $0.key == key.environmentVariable },
                "\(key.name)")
            #expect(ConfigurationReference.help.contains(key.flag))
        }
    }

    @Test("docs/configuration.md is what parley config-keys prints")
    func documentation() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
        #expect(page == ConfigurationReference.markdown)
    }
}
