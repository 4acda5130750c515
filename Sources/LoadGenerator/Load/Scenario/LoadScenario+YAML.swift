import RealtimeProtocol
import Yams

extension LoadScenario {
    private static let groupKeys = [
        "transport", "calls", "ramp", "churn", "talkers", "speech", "think", "patience", "interrupt", "interrupt-after",
        "microphone", "chunk-ms", "tools", "session", "loss", "flood", "decode",
    ]

    /// Reads a scenario file (YAML); keys it leaves out have their defaults.
    package init(yaml: String) throws(LoadScenarioError) {
        let root: Node?
        do { root = try Yams.compose(yaml: yaml) } catch { throw LoadScenarioError("This is no YAML: \(error)") }
        guard let root, root.null == nil else { throw LoadScenarioError("The file is empty.") }
        try self.init(ScenarioNode(root))
    }

    private init(_ root: ScenarioNode) throws(LoadScenarioError) {
        self.init()
        let own = ["name", "model", "seed", "seconds", "settle", "groups", "thresholds"]
        let names = try root.members().map(\.name)
        // Without groups there is one, whose keys stand beside the scenario's.
        let members = try root.members(names.contains("groups") ? own : own + Self.groupKeys)
        if let node = members["name"] { name = try node.text() }
        if let node = members["model"] { model = try node.text() }
        if let node = members["seed"] { seed = UInt64(try node.integer(0...Int.max)) }
        if let node = members["seconds"] { seconds = try node.number(0.1...864_000) }
        if let node = members["settle"] { settleSeconds = try node.number(0...3_600) }
        if let node = members["groups"] {
            groups = try node.members().map { member throws(LoadScenarioError) in
                try LoadGroup(try member.node.members(["model"] + Self.groupKeys), name: member.name)
            }
            guard !groups.isEmpty else { throw node.error("there are none") }
        } else {
            groups = [try LoadGroup(members, name: "calls")]
        }
        if groups.count > 1, let several = groups.first(where: { $0.calls.count > 1 }) {
            throw LoadScenarioError("groups.\(several.name).calls: several numbers are for one group alone")
        }
        guard let node = members["thresholds"] else { return }
        let groupNames = groups.map(\.name)
        thresholds = try node.items().map { item throws(LoadScenarioError) in
            do { return try LoadThreshold(item.text(), groups: groupNames) } catch { throw item.error("\(error)") }
        }
    }
}

extension LoadGroup {
    fileprivate init(_ members: [String: ScenarioNode], name: String) throws(LoadScenarioError) {
        self.init()
        self.name = name
        if let node = members["model"] { model = try node.text() }
        try readCalls(members)
        try readTalk(members)
        if let node = members["microphone"] { microphone = try node.choice(Microphone.self) }
        if let node = members["chunk-ms"] { chunkMs = try node.integer(20...1_000) / 20 * 20 }
        if let node = members["session"] { session = try node.object() }
        if let node = members["loss"] { lossShare = try node.number(0...1) }
        if let node = members["decode"] { decodes = try node.flag() }
        guard let node = members["flood"] else { return }
        flood = try Flood(node)
        guard transport == .webrtc, flood?.eventBytes ?? 0 > Flood.channelBytes else { return }
        throw node.error("a message of a data channel has at most \(Flood.channelBytes) bytes; over websocket more")
    }

    private mutating func readCalls(_ members: [String: ScenarioNode]) throws(LoadScenarioError) {
        if let node = members["transport"] { transport = try node.choice(Transport.self) }
        if let node = members["calls"] {
            calls = try node.itemOrItems().map { item throws(LoadScenarioError) in try item.integer(1...100_000) }
        }
        if let node = members["ramp"] { rampSeconds = try node.number(0...86_400) }
        guard let node = members["churn"] else { return }
        let parts = try node.members(["per-second", "hold"])
        guard let rate = parts["per-second"], let hold = parts["hold"] else {
            throw node.error("per-second and hold are wanted")
        }
        churn = Churn(perSecond: try rate.number(0.001...10_000), holdSeconds: try hold.number(0...86_400))
    }

    private mutating func readTalk(_ members: [String: ScenarioNode]) throws(LoadScenarioError) {
        if let node = members["talkers"] { talkers = try node.number(0...1) }
        if let node = members["speech"] {
            speech = try node.itemOrItems().map { item throws(LoadScenarioError) in try Speech(item) }
        }
        if let node = members["think"] { thinkSeconds = try node.numbers(0...86_400) }
        if let node = members["patience"] { patienceSeconds = try node.number(0.1...3_600) }
        if let node = members["interrupt"] { interrupt = try node.number(0...1) }
        if let node = members["interrupt-after"] { interruptAfterSeconds = try node.number(0...3_600) }
        guard let node = members["tools"] else { return }
        tools = try node.items().map { item throws(LoadScenarioError) in try Tool(item) }
    }
}

extension LoadGroup.Speech {
    fileprivate init(_ node: ScenarioNode) throws(LoadScenarioError) {
        if let file = node.node.string {
            self.init(file: file)
            return
        }
        let members = try node.members(["file", "says"])
        guard let file = members["file"] else { throw node.error("file is wanted") }
        self.init(file: try file.text(), says: try members["says"]?.text())
    }
}

extension LoadGroup.Tool {
    fileprivate init(_ node: ScenarioNode) throws(LoadScenarioError) {
        let members = try node.members(["name", "description", "parameters", "output"])
        guard let name = members["name"], let output = members["output"] else {
            throw node.error("name and output are wanted")
        }
        self.init(
            name: try name.text(), description: try members["description"]?.text() ?? "",
            parameters: try members["parameters"]?.object() ?? JSONObject([("type", .string("object"))]),
            output: try output.text())
    }
}

extension LoadGroup.Flood {
    fileprivate init(_ node: ScenarioNode) throws(LoadScenarioError) {
        let members = try node.members(["packets-per-second", "event-bytes", "events-per-second"])
        self.init()
        if let node = members["packets-per-second"] { packetsPerSecond = try node.integer(0...100_000) }
        if let node = members["event-bytes"] { eventBytes = try node.integer(0...10_000_000) }
        if let node = members["events-per-second"] { eventsPerSecond = try node.integer(0...1_000) }
    }
}
