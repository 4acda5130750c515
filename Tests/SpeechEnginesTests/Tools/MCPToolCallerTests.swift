import RealtimeProtocol
import SessionEngine
import SpeechEngines
import Testing

/// The client of MCP servers against servers that do as they may, and as they may not.
@Suite("MCP client")
struct MCPToolCallerTests {
    private static let addresses = AddressGuard(privateHosts: ["tools.internal"]) { _ in
        NetworkAddress("127.0.0.1").map { [$0] } ?? []
    }

    /// Runs a work against a server of its own, with a client that knows it under a name.
    private func with(
        _ answer: @escaping ToolServer.Answer, limit: Duration = .seconds(300), addresses: AddressGuard = addresses,
        _ work: (MCPToolCaller, MCPServer, ToolServer) async throws -> Void
    ) async throws {
        let server = try await ToolServer(answer)
        let url = try #require(ServerURL("http://tools.internal:\(server.port)/mcp"))
        let known = MCPServer(
            label: "tools", url: url, authorization: Credential("a-key"),
            headers: [MCPHeader(name: "X-Team", value: Credential("blue"))])
        let caller = MCPToolCaller(.init(addresses: addresses, listLimit: limit, callLimit: limit))
        do {
            try await work(caller, known, server)
        } catch {
            await caller.close()
            throw error
        }
        await caller.close()
        try await server.stop()
    }

    @Test("A client introduces itself, lists page by page in its session, and says goodbye")
    func listing() async throws {
        try await with(
            ToolServer.introduced(session: "s-1") { request in
                if request.line.hasPrefix("DELETE") { return ToolServer.accepted }
                guard request.body.contains("tools/list") else { return nil }
                return request.body.contains(#""cursor":"2""#)
                    ? ToolServer.result(
                        request, #"{"tools":[{"name":"zones","annotations":{"readOnlyHint":true}},{"no":1}]}"#)
                    : ToolServer.result(
                        request,
                        #"{"tools":[{"name":"time","description":"Now","inputSchema":{"type":"object","x":1}}],"nextCursor":"2"}"#
                    )
            }
        ) { caller, known, server in
            let tools = try await caller.tools(of: known)
            #expect(tools.map(\.name) == ["time", "zones"])
            #expect(tools.map(\.description) == ["Now", ""])
            #expect(tools.map(\.isReadOnly) == [false, true])
            await caller.close()
            let requests = server.requests
            #expect(
                requests.map { String($0.line.prefix { $0 != " " }) } == ["POST", "POST", "POST", "POST", "DELETE"])
            #expect(
                requests.allSatisfy { $0.headers["authorization"] == "Bearer a-key" && $0.headers["x-team"] == "blue" })
            #expect(requests.allSatisfy { $0.headers["host"]?.hasPrefix("tools.internal:") == true })
            #expect(requests.dropFirst().allSatisfy { $0.headers["mcp-session-id"] == "s-1" })
            #expect(requests.dropFirst().allSatisfy { $0.headers["mcp-protocol-version"] == "2025-06-18" })
            #expect(requests.first?.headers["accept"] == "application/json, text/event-stream")
        }
    }

    @Test("A call is answered by a stream as well, and what the server asks in between is answered")
    func stream() async throws {
        try await with(
            ToolServer.introduced { request in
                guard request.body.contains("tools/call") else { return ToolServer.accepted }
                return ToolServer.stream(
                    """
                    : hello\r
                    data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\r
                    \r
                    data: {"jsonrpc":"2.0","id":"p","method":"ping"}\r
                    \r
                    event: message\r
                    data: {"jsonrpc":"2.0","id":\(ToolServer.id(request)),"result":{"content":[{"type":"text","text":"noon"},{"type":"image","data":"x"}]}}\r
                    \r

                    """)
            }
        ) { caller, known, server in
            #expect(await caller.call("time", arguments: #"{"zone":1}"#, on: known) == .output("noon\n(image)"))
            #expect(server.requests.contains { $0.body == #"{"jsonrpc":"2.0","id":"p","result":{}}"# })
            #expect(server.requests.contains { $0.body.contains(#""params":{"name":"time","arguments":{"zone":1}}"#) })
        }
    }

    @Test("A server that has forgotten the session is introduced to once more")
    func forgotten() async throws {
        try await with(
            ToolServer.introduced(session: "s") { request in
                guard request.body.contains("tools/call") else { return ToolServer.accepted }
                return ToolServer.id(request) == "2"
                    ? ToolServer.json("", status: "404 Not Found")
                    : ToolServer.result(request, #"{"content":[],"structuredContent":{"time":12}}"#)
            }
        ) { caller, known, server in
            #expect(await caller.call("time", arguments: "", on: known) == .output(#"{"time":12}"#))
            #expect(server.requests.count { $0.body.contains(#""initialize""#) } == 2)
        }
    }

    @Test(
        "What a server answers wrongly fails the call, for the reason it is",
        arguments: [
            (
                #"{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"Method not found"}}"#,
                MCPError.protocol(code: -32_601, message: "Method not found")
            ),
            (
                #"{"jsonrpc":"2.0","id":2,"result":{"isError":true,"content":[{"type":"text","text":"No such zone."}]}}"#,
                .execution(message: "No such zone.")
            ),
            (
                #"{"jsonrpc":"2.0","id":7,"result":{}}"#,
                .protocol(code: -32_700, message: "The server's answer is none of the protocol's.")
            ),
            (
                #"{"id":2,"result":{}}"#,
                .protocol(code: -32_700, message: "The server's answer is none of the protocol's.")
            ),
            ("no JSON", .protocol(code: -32_700, message: "The server's answer is none of the protocol's.")),
            (
                #"{"jsonrpc":"2.0","id":2,"result":[]}"#,
                .protocol(code: -32_700, message: "The server's answer is none of the protocol's.")
            ),
        ])
    func wrong(_ body: String, _ expected: MCPError) async throws {
        try await with(ToolServer.introduced { _ in ToolServer.json(body) }) { caller, known, _ in
            #expect(await caller.call("time", arguments: "{}", on: known) == .failed(expected))
        }
    }

    @Test(
        "A redirect is not followed, wherever it leads",
        arguments: ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
    func redirect(_ status: String) async throws {
        let inside = try await ToolServer { _ in ToolServer.json("{}") }
        let target = "http://127.0.0.1:\(inside.port)/latest/meta-data"
        let elsewhere = "HTTP/1.1 \(status)\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n"
        try await with(ToolServer.always(elsewhere)) { caller, known, _ in
            let code = Int(status.prefix(3)) ?? 0
            await #expect(
                throws: MCPError.http(code: code, message: "The server sends us elsewhere, which is not followed.")
            ) {
                try await caller.tools(of: known)
            }
        }
        #expect(inside.requests.isEmpty)
        try await inside.stop()
    }

    @Test("A name that means a private address is not connected to, though the server is there")
    func privateAddress() async throws {
        let strict = AddressGuard(privateHosts: []) { _ in NetworkAddress("127.0.0.1").map { [$0] } ?? [] }
        try await with(ToolServer.introduced { _ in nil }, addresses: strict) { caller, known, server in
            await #expect(throws: MCPError.self) { try await caller.tools(of: known) }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("A name is looked up once: what it means later leads nowhere else")
    func rebinding() async throws {
        let inside = try await ToolServer { _ in ToolServer.json("{}") }
        let lookups = Counter()
        let rebinding = AddressGuard(privateHosts: ["tools.internal"]) { _ in
            // The second answer would be another address, 127.0.0.2, where nobody listens.
            let text = await lookups.next() == 1 ? "127.0.0.1" : "127.0.0.2"
            return NetworkAddress(text).map { [$0] } ?? []
        }
        try await with(
            ToolServer.introduced { ToolServer.result($0, #"{"tools":[],"content":[]}"#) }, addresses: rebinding
        ) { caller, known, server in
            _ = try await caller.tools(of: known)
            #expect(await caller.call("time", arguments: "{}", on: known) == .output(""))
            #expect(server.requests.count == 4)
            #expect(await lookups.value == 1)
        }
        try await inside.stop()
    }

    @Test("Lists and answers without end are cut off")
    func endless() async throws {
        let long = String(repeating: "x", count: 300 << 10)
        try await with(
            ToolServer.introduced { request in
                request.body.contains("tools/list")
                    ? ToolServer.result(request, #"{"tools":[{"name":"a","description":"\#(long)"}]}"#)
                    : ToolServer.result(request, #"{"content":[{"type":"text","text":"\#(long)"}]}"#)
            }
        ) { caller, known, _ in
            await #expect(throws: MCPError.self) { try await caller.tools(of: known) }
            guard case .output(let text) = await caller.call("a", arguments: "{}", on: known) else {
                Issue.record("the call failed")
                return
            }
            #expect(text.utf8.count <= (64 << 10) + 3)
        }
        try await with(
            ToolServer.introduced { ToolServer.result($0, #"{"tools":[],"nextCursor":"again"}"#) }
        ) { caller, known, server in
            await #expect(throws: MCPError.self) { try await caller.tools(of: known) }
            #expect(server.requests.count < 30)
        }
        try await with(
            ToolServer.introduced { _ in ToolServer.json(String(repeating: "x", count: 2 << 20)) }
        ) { caller, known, _ in
            await #expect(throws: MCPError.self) { try await caller.tools(of: known) }
        }
    }

    @Test("A server that says nothing fails the call in its time; a cancelled one is given up")
    func silence() async throws {
        try await with(ToolServer.introduced { _ in nil }, limit: .milliseconds(200)) { caller, known, _ in
            let outcome = await caller.call("time", arguments: "{}", on: known)
            #expect(outcome == .failed(.http(code: 0, message: "The server gave no answer in 0 s.")))
        }
        try await with(ToolServer.always(nil)) { caller, known, _ in
            let task = Task { await caller.call("time", arguments: "{}", on: known) }
            task.cancel()
            guard case .failed = await task.value else {
                Issue.record("the call went on")
                return
            }
        }
    }

    @Test("Neither a server's description nor its error shows a credential")
    func hidden() async throws {
        try await with(ToolServer.always(ToolServer.json("", status: "401 Unauthorized"))) { caller, known, _ in
            var text = "\(known) \(String(reflecting: known))"
            dump(known, to: &text)
            do {
                _ = try await caller.tools(of: known)
            } catch {
                text += "\(error)"
            }
            #expect(!text.contains("a-key") && !text.contains("blue"))
        }
    }
}

private actor Counter {
    private(set) var value = 0

    func next() -> Int {
        value += 1
        return value
    }
}
