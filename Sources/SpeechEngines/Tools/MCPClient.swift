import RealtimeProtocol
import SessionEngine

/// One server, as one client of it (MCP specification 2025-06-18): introduced at the first request, and again where the server
/// has forgotten the session.
actor MCPClient {
    /// Limits on what a server may have a session hold.
    private static let maxTools = 128
    private static let maxPages = 16
    private static let maxListBytes = 256 << 10
    private static let maxOutputBytes = 64 << 10
    private static let version = "2025-06-18"
    private static let knownVersions: Set = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

    private struct Session {
        /// `Mcp-Session-Id`; nil for a server that keeps none.
        var id: String?
        var version: String
        let number: Int
    }

    private let server: MCPServer
    private let addresses: AddressGuard
    private let clock: any MonotonicClock
    private var transport: MCPTransport?
    private var session: Session?
    /// The introduction that is being made, which every request waits for.
    private var introduction: Task<Session, any Error>?
    private var requests = 0
    private var sessions = 0
    private var isClosed = false

    init(_ server: MCPServer, addresses: AddressGuard, clock: any MonotonicClock) {
        self.server = server
        self.addresses = addresses
        self.clock = clock
    }

    /// - Parameter limit: from the first request to the end of the last answer.
    func tools(within limit: Duration) async throws(MCPError) -> [MCPListedTool] {
        try await self.within(limit) { [self] () async throws(MCPError) in try await list() }
    }

    func call(_ name: String, arguments: String, within limit: Duration) async -> MCPOutcome {
        do throws(MCPError) {
            return try await self.within(limit) { [self] () async throws(MCPError) in try await outcome(name, arguments)
            }
        } catch {
            return .failed(error)
        }
    }

    func close() async {
        isClosed = true
        introduction?.cancel()
        guard let transport else { return }
        self.transport = nil
        if let id = session?.id {
            let version = session?.version
            _ = try? await within(.seconds(1)) { await transport.endSession(id, version: version) }
        }
        await transport.close()
    }

    // MARK: Works

    private func list() async throws(MCPError) -> [MCPListedTool] {
        var tools: [MCPListedTool] = []
        var cursor: String?
        var bytes = 0
        for _ in 0..<Self.maxPages {
            let params = JSONObject(cursor.map { [("cursor", .string($0))] } ?? [])
            let page = try await ask("tools/list", .object(params))
            bytes += page.written.utf8.count
            guard bytes <= Self.maxListBytes else {
                throw .execution(message: "The server's list of tools has more than \(Self.maxListBytes) bytes.")
            }
            tools += (page["tools"]?.elements ?? []).compactMap(Self.tool)
            guard tools.count <= Self.maxTools else {
                throw .execution(message: "The server has more than \(Self.maxTools) tools.")
            }
            cursor = page["nextCursor"]?.text
            if cursor == nil { return tools }
        }
        throw .execution(message: "The server's list of tools has more than \(Self.maxPages) pages.")
    }

    private static func tool(_ value: JSONValue) -> MCPListedTool? {
        guard let name = value["name"]?.text, (1...128).contains(name.utf8.count) else { return nil }
        var schema = JSONValue.object(JSONObject([("type", .string("object"))]))
        if let given = value["inputSchema"], case .object = given { schema = given }
        let annotations = value["annotations"].flatMap { if case .object = $0 { $0 } else { nil } }
        return MCPListedTool(
            name: name, description: value["description"]?.text ?? "", inputSchema: schema, annotations: annotations)
    }

    private func outcome(_ name: String, _ arguments: String) async throws(MCPError) -> MCPOutcome {
        guard
            case .object(let object)? = try? JSONParser.parse(
                arguments.isEmpty ? Array("{}".utf8) : Array(arguments.utf8))
        else { throw .execution(message: "The arguments are no JSON object.") }
        let params = JSONObject([("name", .string(name)), ("arguments", .object(object))])
        let result = try await ask("tools/call", .object(params))
        let text = Self.text(result).cut(toBytes: Self.maxOutputBytes)
        return result["isError"] == .bool(true) ? .failed(.execution(message: text)) : .output(text)
    }

    /// The words of a result; what is no text is named. Without any content, its structured form.
    private static func text(_ result: JSONValue) -> String {
        let parts = (result["content"]?.elements ?? []).compactMap { part -> String? in
            switch part["type"]?.text {
            case "text": part["text"]?.text
            case "resource": part["resource"]?["text"]?.text ?? part["resource"]?["uri"]?.text
            case "resource_link": part["uri"]?.text
            case let type?: "(\(type.prefix(32)))"
            case nil: nil
            }
        }
        if parts.isEmpty, let structured = result["structuredContent"] { return structured.written }
        return parts.joined(separator: "\n")
    }

    // MARK: Exchanges

    /// Asks in the session; where the server does not know it any more, once again in a new one.
    private func ask(_ method: String, _ params: JSONValue) async throws(MCPError) -> JSONValue {
        let current = try await introduced()
        do throws(MCPError) {
            return try await exchange(method, params, current)
        } catch .http(404, _) where current.id != nil {
            if session?.number == current.number { session = nil }
            return try await exchange(method, params, try await introduced())
        }
    }

    private func exchange(
        _ method: String, _ params: JSONValue, _ session: Session
    ) async throws(MCPError) -> JSONValue {
        guard let transport else { throw .unreachable }
        requests += 1
        let message = MCPMessage.request(requests, method, params)
        let answer = try await transport.post(message, id: requests, session: session.id, version: session.version)
        guard let result = answer.result else { throw .malformed }
        return result
    }

    private func introduced() async throws(MCPError) -> Session {
        if let session { return session }
        guard !isClosed else { throw .unreachable }
        let task = introduction ?? Task { try await introduce() }
        introduction = task
        do {
            let made = try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
            introduction = nil
            session = made
            return made
        } catch {
            introduction = nil
            throw error as? MCPError ?? .unreachable
        }
    }

    private func introduce() async throws(MCPError) -> Session {
        if transport == nil {
            let address = try await addresses.address(of: server.url)
            guard !isClosed else { throw .unreachable }
            transport = transport ?? MCPTransport(server, at: address)
        }
        guard let transport else { throw .unreachable }
        requests += 1
        let message = MCPMessage.request(requests, "initialize", Self.introduction)
        let answer = try await transport.post(message, id: requests, session: nil, version: nil)
        guard let version = answer.result?["protocolVersion"]?.text, Self.knownVersions.contains(version) else {
            throw .protocol(code: -32_602, message: "The server speaks no version of the protocol that we know.")
        }
        _ = try await transport.post(
            MCPMessage.notification("notifications/initialized"), id: nil, session: answer.session, version: version)
        sessions += 1
        return Session(id: answer.session, version: version, number: sessions)
    }

    private static var introduction: JSONValue {
        let client = JSONObject([("name", .string("parley")), ("version", .string("1"))])
        return .object(
            JSONObject([
                ("protocolVersion", .string(version)), ("capabilities", .object(JSONObject())),
                ("clientInfo", .object(client)),
            ]))
    }

    // MARK: Limits

    /// The work's value, unless it takes too long: then it is cancelled.
    private func within<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws(MCPError) -> Value
    ) async throws(MCPError) -> Value {
        let clock = clock
        let result = await withTaskGroup(of: Result<Value, MCPError>?.self) { group in
            group.addTask {
                do throws(MCPError) { return .success(try await work()) } catch { return .failure(error) }
            }
            group.addTask {
                try? await clock.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard let result else {
            throw .http(code: 0, message: "The server gave no answer in \(limit.components.seconds) s.")
        }
        return try result.get()
    }
}

extension String {
    /// Its beginning in at most so many bytes, and a sign that it was longer.
    fileprivate func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, String.Index(end, within: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end]) + "…"
    }
}
