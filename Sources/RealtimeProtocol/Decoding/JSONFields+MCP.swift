/// What the checks of an MCP tool go by; every one is made before anything is asked of a server (RT-180).
private enum MCPRules {
    static let maxNames = 128
    static let maxHeaders = 16
    static let maxHeaderBytes = 4_096
    static let maxURLBytes = 2_048
    static let maxDescriptionBytes = 4_096
    static let places = ["server_url", "connector_id", "tunnel_id"]
    /// Of the transport; in lower case.
    static let reservedHeaders: Set = [
        "accept", "connection", "content-length", "content-type", "expect", "host", "last-event-id",
        "mcp-protocol-version", "mcp-session-id", "te", "trailer", "transfer-encoding", "upgrade",
    ]
}

extension MCPTool {
    /// - Throws: for a definition that is wrong, or names what is the hosted service's own.
    package init(_ fields: JSONFields) throws(ProtocolError) {
        let label = try fields.requiredString("server_label")
        guard (1...JSONFields.maxIdentifierLength).contains(label.utf8.count), label.utf8.allSatisfy(\.isOfLabel) else {
            throw .invalid(
                fields.path(of: "server_label"),
                "expected 1 to \(JSONFields.maxIdentifierLength) letters, digits, '-' or '_'")
        }
        self.init(label: label, url: try Self.url(fields))
        authorization = try Self.text(fields, "authorization", maxBytes: MCPRules.maxHeaderBytes).map(Credential.init)
        headers = try Self.headers(fields)
        if authorization != nil, headers.contains(where: { $0.name.lowercased() == "authorization" }) {
            throw .invalid(fields.path(of: "authorization"), "'headers' has an Authorization too")
        }
        allowedTools = try fields.toolFilter("allowed_tools", takesList: true)
        approval = try Self.approval(fields)
        description = try Self.text(fields, "server_description", maxBytes: MCPRules.maxDescriptionBytes)
    }

    private static func url(_ fields: JSONFields) throws(ProtocolError) -> String? {
        var given: [String] = []
        for name in MCPRules.places where try fields.string(name) != nil { given.append(name) }
        if given.count > 1 {
            let all = given.map { "'\($0)'" }.joined(separator: " and ")
            throw .invalid(fields.path(of: given[1]), "\(all) name two places for one server")
        }
        if let name = given.first, name != "server_url" {
            throw .invalid(fields.path(of: name), "this server has no connectors or tunnels; name a 'server_url'")
        }
        return try text(fields, "server_url", maxBytes: MCPRules.maxURLBytes)
    }

    private static func text(
        _ fields: JSONFields, _ name: String, maxBytes: Int
    ) throws(ProtocolError) -> String? {
        guard let text = try fields.string(name) else { return nil }
        guard text.utf8.count <= maxBytes else { throw .invalid(fields.path(of: name), "at most \(maxBytes) bytes") }
        guard !text.utf8.contains(where: \.isControl) || name == "server_description" else {
            throw .invalid(fields.path(of: name), "control characters are not allowed")
        }
        return text
    }

    private static func headers(_ fields: JSONFields) throws(ProtocolError) -> [MCPHeader] {
        guard let object = try fields.fields("headers") else { return [] }
        guard object.object.members.count <= MCPRules.maxHeaders else {
            throw .invalid(object.path, "at most \(MCPRules.maxHeaders) headers")
        }
        var headers: [MCPHeader] = []
        for member in object.object.members {
            guard !member.name.isEmpty, member.name.utf8.allSatisfy(\.isOfToken),
                !MCPRules.reservedHeaders.contains(member.name.lowercased())
            else { throw .invalid(object.path, "a name that is no header, or one that the protocol sets") }
            guard case .string(let value) = member.value else {
                throw .wrongType(object.path, "strings as values", member.value)
            }
            guard value.utf8.count <= MCPRules.maxHeaderBytes, !value.utf8.contains(where: \.isControl) else {
                throw .invalid(
                    object.path, "values of at most \(MCPRules.maxHeaderBytes) bytes without control characters")
            }
            headers.append(MCPHeader(name: member.name, value: Credential(value)))
        }
        return headers
    }

    private static func approval(_ fields: JSONFields) throws(ProtocolError) -> MCPApproval? {
        let name = "require_approval"
        guard let value = fields.value(name) else { return nil }
        switch value {
        case .string("always"): return .always
        case .string("never"): return .never
        case .string(let word): throw .unknownWord(fields.path(of: name), word, known: ["always", "never"])
        case .object(let object):
            let filters = JSONFields(object, path: fields.path(of: name))
            return .filtered(
                always: try filters.toolFilter("always", takesList: false),
                never: try filters.toolFilter("never", takesList: false))
        default: throw .wrongType(fields.path(of: name), "a string or an object", value)
        }
    }
}

extension MCPApprovalResponse {
    init(_ fields: JSONFields) throws(ProtocolError) {
        let request = try fields.requiredItemID("approval_request_id")
        guard let approves = try fields.bool("approve") else { throw .missing(fields.path(of: "approve")) }
        self.init(request: request, approves: approves, reason: try fields.string("reason"))
    }
}

extension JSONFields {
    /// Names, or an object with `tool_names` and `read_only`.
    fileprivate func toolFilter(_ name: String, takesList: Bool) throws(ProtocolError) -> MCPToolFilter? {
        guard let value = value(name) else { return nil }
        if takesList, case .array = value { return MCPToolFilter(names: try toolNames(name)) }
        let fields = try JSONFields(value, path: path(of: name))
        return MCPToolFilter(names: try fields.toolNames("tool_names"), isReadOnly: try fields.bool("read_only"))
    }

    private func toolNames(_ name: String) throws(ProtocolError) -> [String]? {
        guard let names = try strings(name) else { return nil }
        guard names.count <= MCPRules.maxNames else {
            throw .invalid(path(of: name), "at most \(MCPRules.maxNames) names")
        }
        return names
    }
}

extension UInt8 {
    fileprivate var isControl: Bool { self < 0x20 || self == 0x7F }

    fileprivate var isOfLabel: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// RFC 9110 section 5.6.2.
    fileprivate var isOfToken: Bool { isOfLabel || "!#$%&'*+.^`|~".utf8.contains(self) }
}
