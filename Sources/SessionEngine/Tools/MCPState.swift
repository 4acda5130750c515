import RealtimeProtocol

/// What a session knows of MCP servers: their definitions, their tools, and the calls that are not over.
struct MCPState: Sendable {
    /// Calls that run or wait for a word; more fail at once.
    static let maxCalls = 32
    /// Definitions a session takes in its life; more are refused.
    static let maxServers = 64

    /// How far the listing of a server's tools is.
    struct Listing: Equatable, Sendable {
        enum Progress: Equatable, Sendable {
            case inProgress
            case listed([MCPListedTool])
            case failed
        }

        let item: ItemID
        var progress = Progress.inProgress
    }

    /// A call that the model has made whole.
    struct Call: Equatable, Sendable {
        let address: ItemAddress
        let server: MCPServer
        var call: MCPCall
        /// Nil: it runs.
        var approvalRequest: ItemID?
    }

    /// By label: what a label alone means.
    var definitions: [String: ResolvedServer] = [:]
    var listings: [MCPServer: Listing] = [:]
    var calls: [ItemID: Call] = [:]

    func server(listedBy item: ItemID) -> MCPServer? { listings.first { $0.value.item == item }?.key }

    /// Items of the listings that are not over.
    func pending(_ servers: [ResolvedServer]) -> [ItemID] {
        servers.compactMap { resolved in
            listings[resolved.server].flatMap { $0.progress == .inProgress ? $0.item : nil }
        }
    }

    func toolbox(_ functions: [Tool], _ choice: ToolChoice, _ servers: [ResolvedServer]) -> Toolbox {
        let listed = servers.map { resolved -> (ResolvedServer, [MCPListedTool]) in
            if case .listed(let tools)? = listings[resolved.server]?.progress {
                (resolved, tools)
            } else {
                (resolved, [])
            }
        }
        return Toolbox(functions, choice, listed)
    }
}
