import RealtimeProtocol
import SessionEngine
import Testing
import VoiceSession

@Suite("Upstream machine: what a session may use and cost")
struct UpstreamLimitsTests {
    // MARK: MCP servers

    private static func update(_ tool: String, in type: String = "session.update", _ name: String = "session") -> String
    {
        #"{"type":"\#(type)","event_id":"c1","\#(name)":{"tools":[{"type":"function","name":"f"},\#(tool)]}}"#
    }

    private static func server(_ url: String, _ more: String = "") -> String {
        #"{"type":"mcp","server_label":"files","server_url":"\#(url)"\#(more)}"#
    }

    private static func label(_ more: String = "") -> String { #"{"type":"mcp","server_label":"files"\#(more)}"# }

    private func isRefused(_ effects: [String], because part: String) -> Bool {
        effects.count == 1 && effects[0].hasPrefix(#"tell {"type":"error""#) && effects[0].contains(part)
            && effects[0].contains(#""event_id":"c1""#) && effects[0].hasSuffix(" to 0")
    }

    @Test("A server that is not allowed goes up in no update and no response, and an allowed one does")
    func allowList() {
        var scene = UpstreamScene.open(.webSocket) { $0.toolServers = MCPAllowList(hosts: ["ok.example"]) }
        let (bad, good) = (Self.server("https://bad.example/mcp"), Self.server("https://ok.example/mcp"))
        for (type, name) in [("session.update", "session"), ("response.create", "response")] {
            #expect(isRefused(scene.client(Self.update(bad, in: type, name)), because: "does not allow that server"))
            #expect(scene.client(Self.update(good, in: type, name)) == ["send " + Self.update(good, in: type, name)])
            // A label that the session has a definition of.
            let again = Self.update(Self.label(), in: type, name)
            #expect(scene.client(again) == ["send " + again])
        }
        #expect(isRefused(scene.client(Self.update(bad)), because: "does not allow that server"), "later too")
    }

    @Test("A server is looked at before there is a connection as well, and a label that nobody knows is refused")
    func held() {
        var scene = UpstreamScene(.webSocket)
        #expect(isRefused(scene.client(Self.update(Self.server("https://bad.example/"))), because: "does not allow"))
        #expect(isRefused(scene.client(Self.update(Self.label())), because: "label 'files'"))
        scene.tell(.connected)
        #expect(scene.upstream(UpstreamScene.created) == [UpstreamScene.shownCreated])
    }

    @Test("The holder of a client secret chooses among what the secret has, and widens nothing of it")
    func secret() {
        var own = MCPTool(label: "files", url: "https://ok.example/mcp")
        own.allowedTools = MCPToolFilter(names: ["read", "list"])
        var scene = UpstreamScene(
            .webSocket, configure: { $0.servers = [own] },
            adjust: {
                $0.toolServers = MCPAllowList(hosts: ["ok.example"])
                $0.namesAddresses = false
            })
        scene.tell(.connected)
        scene.upstream(UpstreamScene.created)
        scene.upstream(#"{"type":"session.updated","session":{"id":"sess_up"}}"#)
        for tool in [Self.label(), Self.label(#","allowed_tools":["read"]"#)] {
            #expect(scene.client(Self.update(tool)) == ["send " + Self.update(tool)])
        }
        for (tool, part) in [
            (Self.server("https://ok.example/mcp"), "not its address"),
            (Self.label(#","authorization":"x""#), "no credentials"),
            (Self.label(#","allowed_tools":["read","write"]"#), "allowed_tools"),
            (Self.label(#","allowed_tools":{"read_only":true}"#), "allowed_tools"),
            (Self.label(#","require_approval":"never""#), "require_approval"),
        ] {
            #expect(isRefused(scene.client(Self.update(tool)), because: part), "\(tool)")
        }
    }

    @Test("What the configuration leaves of a server's tools is said to the service, whatever the client leaves out")
    func tools() throws {
        let url = try #require(ServerURL("https://clock.example/mcp"))
        let clock = MCPAllowList.Entry(
            server: MCPServer(label: "files", url: url), tools: MCPToolFilter(names: ["time", "zones"]))
        var own = MCPTool(label: "files")
        own.allowedTools = MCPToolFilter(names: ["time", "write"])
        var scene = UpstreamScene(
            .webSocket, configure: { $0.servers = [own] }, adjust: { $0.toolServers = MCPAllowList(entries: [clock]) })
        scene.tell(.connected)
        #expect(
            scene.upstream(UpstreamScene.created).contains {
                $0.hasPrefix(#"send {"type":"session.update""#) && $0.contains(#""allowed_tools":["time"]"#)
            })
        scene.upstream(#"{"type":"session.updated","session":{"id":"sess_up"}}"#)
        let byAddress = Self.server("https://clock.example/mcp")
        for (tool, sent) in [
            (Self.label(), Self.label(#","allowed_tools":["time","zones"]"#)),
            (Self.label(#","allowed_tools":["zones","write"]"#), Self.label(#","allowed_tools":["zones"]"#)),
            (Self.label(#","allowed_tools":["write"]"#), Self.label(#","allowed_tools":[]"#)),
            (
                Self.label(#","allowed_tools":{"read_only":true}"#),
                Self.label(#","allowed_tools":{"read_only":true,"tool_names":["time","zones"]}"#)
            ),
            (byAddress, byAddress.dropLast() + #","allowed_tools":["time","zones"]}"#),
        ] {
            #expect(scene.client(Self.update(tool)) == ["send " + Self.update(String(sent))], "\(tool)")
        }
    }

    // MARK: Budgets

    /// A token of audio, 50 ms, costs one.
    private static func limits(session: Int64?) -> SpendingLimits {
        SpendingLimits(
            prices: PriceTable(
                input: PriceTable.Rates(), cached: PriceTable.Rates(), output: PriceTable.Rates(audio: 1_000_000)),
            session: session.map { Money(nanos: $0 * 1_000_000_000) }, currency: "USD")
    }

    /// To everybody, when an answer is stopped.
    private static let told =
        #"tell {"type":"error","event_id":"e","error":{"type":"rate_limit_error","code":"insufficient_quota","#
        + #""message":"The budget of this session, 30.0 USD, is used up.","param":null,"event_id":null}}"#

    private static let refusal =
        #"tell {"type":"error","event_id":"e","error":{"type":"rate_limit_error","code":"insufficient_quota","#
        + #""message":"The budget of this session, 30.0 USD, is used up.","param":null,"event_id":"c1"}} to 0"#

    @Test("An answer that uses the budget up is stopped, heard as far as it has come, and says why it failed")
    func session() {
        var scene = UpstreamScene.open { $0.spending = Self.limits(session: 30) }
        scene.upstream(#"{"type":"response.created","response":{"id":"r1","status":"in_progress"}}"#)
        let first = scene.second(1)
        #expect(first.last == "play 1 in 1", "a second costs twenty")
        #expect(
            scene.second(2).suffix(3) == [
                "play 2 in 1", Self.told,
                #"send {"type":"response.cancel","event_id":"parley_own_1","response_id":"r1"}"#,
            ])
        #expect(scene.second(3).last == "play 3 in 1", "it is told once")
        let done =
            #"{"type":"response.done","response":{"id":"r1","status":"cancelled","status_details":{"type":"cancelled"},"usage":{"input_tokens":5,"output_tokens":60,"output_token_details":{"audio_tokens":60}}}}"#
        #expect(
            scene.upstream(done) == [
                #"relay {"type":"response.done","response":{"id":"r1","status":"failed","status_details":{"type":"failed","error":{"type":"rate_limit_error","code":"insufficient_quota","message":"The budget of this session, 30.0 USD, is used up."}},"usage":{"input_tokens":5,"output_tokens":60,"output_token_details":{"audio_tokens":60}}}}"#,
                "account 5 0 60", "end 1",
            ])
        #expect(scene.client(#"{"type":"response.create","event_id":"c1"}"#) == [Self.refusal])
        // One that the end of a turn began.
        #expect(
            scene.upstream(#"{"type":"response.created","response":{"id":"r2"}}"#) == [
                #"relay {"type":"response.created","response":{"id":"r2"}}"#, Self.told,
                #"send {"type":"response.cancel","event_id":"parley_own_2","response_id":"r2"}"#,
            ])
    }

    @Test("An answer that was whole before it could be stopped is whole")
    func whole() {
        var scene = UpstreamScene.open { $0.spending = Self.limits(session: 30) }
        scene.upstream(#"{"type":"response.created","response":{"id":"r1","status":"in_progress"}}"#)
        scene.second(1)
        scene.second(2)
        let done = #"{"type":"response.done","response":{"id":"r1","status":"completed"}}"#
        #expect(scene.upstream(done) == ["relay " + done, "end 1"])
    }

    @Test("What others spend of a key's budget counts, until it begins anew")
    func key() {
        var scene = UpstreamScene.open(.webSocket) { $0.spending = Self.limits(session: nil) }
        scene.upstream(#"{"type":"response.created","response":{"id":"r1"}}"#)
        let effects = scene.tell(.allowance(left: Money(nanos: 0), renews: scene.now + .seconds(60)))
        #expect(effects.first?.contains("The budget of the API key") == true)
        #expect(
            effects.dropFirst() == [
                #"send {"type":"response.cancel","event_id":"parley_own_1","response_id":"r1"}"#
            ])
        let create = #"{"type":"response.create","event_id":"c1"}"#
        #expect(scene.client(create).first?.contains("The budget of the API key") == true)
        scene.wait(.seconds(60))
        #expect(scene.client(create) == ["send " + create])
    }

    @Test("An answer that was ended for its cost is not asked for again when the connection goes")
    func lost() {
        var scene = UpstreamScene.open(.webSocket) { $0.spending = Self.limits(session: nil) }
        scene.upstream(#"{"type":"response.created","response":{"id":"r1"}}"#)
        scene.tell(.allowance(left: Money(nanos: 0), renews: scene.now + .seconds(60)))
        let effects = scene.tell(.disconnected)
        #expect(effects.contains { $0.contains("response.done") && $0.contains("insufficient_quota") })
        scene.tell(.connected)
        #expect(!scene.upstream(UpstreamScene.created).contains { $0.contains("response.create") })
    }
}
