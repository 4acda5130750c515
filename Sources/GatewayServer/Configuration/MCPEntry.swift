import RealtimeProtocol
package import SessionEngine
import SpeechEngines

/// One line of `mcp.servers`: a label that every client may name, the server behind it, and what is open to clients, as in
/// `clock=https://clock.example/mcp key=env:CLOCK_KEY tools=time;zones approval=never`.
package struct MCPEntry: Sendable {
    package let entry: MCPAllowList.Entry

    /// - Parameter environment: where `key=env:NAME` looks.
    init(_ text: String, environment: [String: String]) throws(EngineEntry.Mistake) {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        guard let first = words.first else { throw .init("is empty") }
        let (label, address) = try EngineFields.split(first)
        guard label.utf8.count <= 64,
            label.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        else { throw .init("a label has letters, digits, - and _") }
        guard let url = ServerURL(address) else {
            throw .init("the address of \(label) must be http(s)://host:port/path, with its key in key=env:NAME")
        }
        var fields = EngineFields()
        for word in words.dropFirst() { try fields.add(word) }
        let known: Set = ["key", "tools", "approval"]
        if let unknown = fields.names.first(where: { !known.contains($0) }) {
            throw .init("\(unknown)= is unknown; there are \(known.sorted().joined(separator: ", "))")
        }
        let key = try fields.key(environment).map { Credential($0.text) }
        let tools = fields.text("tools").map { MCPToolFilter(names: $0.split(separator: ";").map(String.init)) }
        entry = MCPAllowList.Entry(
            server: MCPServer(label: label, url: url, authorization: key), tools: tools,
            approval: try Self.approval(fields.text("approval")))
    }

    private static func approval(_ word: String?) throws(EngineEntry.Mistake) -> MCPApproval? {
        switch word {
        case nil: nil
        case "always": .always
        case "never": .never
        case let word?: throw .init("approval=\(word) must be always or never")
        }
    }
}
