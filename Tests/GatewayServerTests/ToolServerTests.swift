import RealtimeProtocol
import SessionEngine
import Testing
import VoiceSession

@testable import GatewayServer

/// MCP servers by configuration, who may name which, and what becomes of their keys.
@Suite("Tool servers by configuration")
struct ToolServerTests {
    private static let environment = ["CLOCK_KEY": "of-the-clock", "LLM_KEY": "of-the-model"]

    private func configuration(_ flags: [String]) throws(ConfigurationError) -> GatewayConfiguration {
        try GatewayConfiguration(arguments: flags, environment: Self.environment)
    }

    private func problems(_ flags: [String]) -> [ConfigurationError.Problem] {
        do {
            _ = try configuration(flags)
            return []
        } catch {
            return error.problems
        }
    }

    @Test("A line names a label, a server, its key, what is open of it, and whether calls are approved")
    func line() throws {
        let entry = try MCPEntry(
            "clock=https://Clock.example/mcp key=env:CLOCK_KEY tools=time;zones approval=never",
            environment: Self.environment
        ).entry
        #expect(entry.server.label == "clock" && entry.server.url.text == "https://clock.example:443/mcp")
        #expect(entry.server.authorization == Credential("of-the-clock"))
        #expect(entry.tools == MCPToolFilter(names: ["time", "zones"]) && entry.approval == .never)
        let bare = try MCPEntry("a=http://b", environment: [:]).entry
        #expect(bare.server.authorization == nil && bare.tools == nil && bare.approval == nil)
    }

    @Test(
        "A line that means nothing stops the start, and shows neither address nor key",
        arguments: [
            "", "clock", "clock=", "clock=ftp://a/", "clock=http://user:pass@a/", "a b=http://a/",
            "c=http://a/ key=env:NONE",
            "c=http://a/ key=of-the-clock", "c=http://a/ approval=perhaps", "c=http://a/ colour=red", "ä=http://a/",
            "c=http://127.0.0.1/mcp", "c=http://[fd00::1]/mcp",
        ])
    func mistakes(_ line: String) {
        let found = problems(["--mcp-servers", line])
        #expect(line.isEmpty || found.map(\.key) == ["--mcp-servers"] || found.map(\.key) == ["mcp.servers"])
        #expect(!found.contains { $0.text.contains("pass") || $0.text.contains("of-the-clock") })
    }

    @Test("A private address is taken where its host is listed")
    func privateHosts() throws {
        let found = try configuration(["--mcp-servers", "c=http://127.0.0.1:9/mcp", "--mcp-private-hosts", "127.0.0.1"])
        #expect(found.tools.servers.entries.map(\.server.url.host) == ["127.0.0.1"])
        #expect(problems(["--mcp-private-hosts", "http://a/"]).count == 1)
        #expect(problems(["--mcp-allowed-hosts", "*x"]).count == 1)
        #expect(problems(["--mcp-servers", "c=http://a/,c=http://b/"]).count == 1)
    }

    @Test("Budgets are amounts, and nothing without a price")
    func budgets() throws {
        let found = try configuration([
            "--budget-session", "0.5", "--budget-key", "20", "--budget-key-hours", "1", "--prices-own", "* text-in=1",
        ])
        #expect(found.budget.session == Money(nanos: 500_000_000) && found.budget.key == Money(nanos: 20_000_000_000))
        #expect(found.budget.period == .seconds(3_600))
        #expect(problems(["--budget-session", "0", "--prices-own", "* text-in=1"]).count == 1)
        #expect(
            problems(["--budget-session", "1", "--budget-key", "1"]).map(\.text).allSatisfy {
                $0.contains("prices.own")
            })
        #expect(problems(["--budget-session", "1"]).count == 1)
    }

    @Test("No description of a configuration shows the key of an engine or of a tool server")
    func hidden() throws {
        let found = try configuration([
            "--engines", "x language=http://a#m key=env:LLM_KEY", "--llm", "http://b#n key=env:LLM_KEY",
            "--mcp-servers", "clock=https://a/ key=env:CLOCK_KEY",
        ])
        var text = "\(found) \(String(reflecting: found))"
        dump(found, to: &text)
        #expect(text.contains("clock"))
        #expect(!text.contains("of-the-model") && !text.contains("of-the-clock"))
    }

    // MARK: Client secrets

    private func session(_ tools: String) throws -> SessionConfiguration {
        try SessionConfiguration(
            parsing: try RequestBody.object(Array(#"{"tools":[\#(tools)]}"#.utf8), named: nil), defaultModel: "m")
    }

    private func grant(_ tools: String) throws -> SecretGrant {
        SecretGrant(
            id: "a", configuration: try session(tools), dialect: .current, expiresAt: 2, account: AccountID("k"))
    }

    private static let files =
        #"{"type":"mcp","server_label":"files","server_url":"https://a/","authorization":"made","headers":{"X-A":"b"}}"#

    @Test("A secret carries credentials sealed, and its account; no session that is shown has them")
    func sealed() throws {
        let grant = try grant(Self.files)
        let secrets = ClientSecrets(box: SecretBox())
        let secret = try #require(secrets.issue(grant, now: 1))
        let opened = try secrets.open(secret.value, now: 1)
        #expect(opened == grant && opened.configuration.servers.first?.authorization == Credential("made"))
        var json = JSONWriter()
        json.session(Session(id: SessionID("s"), expiresAt: 0, configuration: opened.configuration), .current)
        let shown = String(decoding: json.bytes, as: UTF8.self)
        #expect(shown.contains("files") && !shown.contains("made") && !shown.contains("X-A"))
        #expect(Caller.secret(opened).owner.account == AccountID("k") && !Caller.secret(opened).owner.namesAddresses)
    }

    @Test("The form of a secret's holder names labels, of which the secret's own are as they were")
    func form() throws {
        func start(_ tools: String) throws -> SessionConfiguration {
            let part = try RequestBody.object(Array(#"{"tools":[\#(tools)]}"#.utf8), named: nil)
            return try SessionStart(caller: .secret(try grant(Self.files)), part: part).configuration(defaultModel: "m")
        }
        let own = try start(#"{"type":"mcp","server_label":"files","server_url":"https://b/","allowed_tools":["x"]}"#)
        #expect(own.servers == (try session(Self.files)).servers)
        #expect(try start(#"{"type":"mcp","server_label":"clock"}"#).servers == [MCPTool(label: "clock")])
        #expect(throws: ProtocolError.self) {
            try start(#"{"type":"mcp","server_label":"clock","server_url":"https://b/"}"#)
        }
        #expect(throws: ProtocolError.self) {
            try start(#"{"type":"mcp","server_label":"clock","authorization":"mine"}"#)
        }
    }

    @Test("A key's account is the same everywhere, another for another key, and says nothing of it")
    func account() {
        let one = APIKeys.account(of: "key-one")
        #expect(one == APIKeys.account(of: "key-one") && one != APIKeys.account(of: "key-two"))
        #expect(!one.rawValue.contains("key"))
    }
}
