import RealtimeProtocol
import Yams

/// One place in a scenario file. Every reader says the key's path where it cannot be met.
struct ScenarioNode {
    let path: String
    let node: Node

    init(_ node: Node, path: String = "") {
        self.node = node
        self.path = path
    }

    func error(_ words: String) -> LoadScenarioError {
        LoadScenarioError("\(path.isEmpty ? "the scenario" : path): \(words)")
    }

    /// The members, all of whose names must be known.
    func members(_ known: [String]) throws(LoadScenarioError) -> [String: ScenarioNode] {
        let members = try members()
        for member in members where !known.contains(member.name) {
            throw member.node.error("this key is unknown; there are \(known.joined(separator: ", "))")
        }
        return Dictionary(members.map { ($0.name, $0.node) }) { $1 }
    }

    /// The members in their order.
    func members() throws(LoadScenarioError) -> [(name: String, node: ScenarioNode)] {
        guard let mapping = node.mapping else { throw error("a mapping of keys is wanted") }
        return mapping.compactMap { key, value in
            guard let name = key.string else { return nil }
            return (name, ScenarioNode(value, path: path.isEmpty ? name : "\(path).\(name)"))
        }
    }

    func items() throws(LoadScenarioError) -> [ScenarioNode] {
        guard let sequence = node.sequence else { throw error("a list is wanted") }
        return sequence.enumerated().map { ScenarioNode($1, path: "\(path)[\($0)]") }
    }

    /// A list, or one item that stands for a list of itself.
    func itemOrItems() -> [ScenarioNode] { (try? items()) ?? [self] }

    func text() throws(LoadScenarioError) -> String {
        guard let text = node.string else { throw error("a text is wanted") }
        return text
    }

    func number(_ range: ClosedRange<Double>) throws(LoadScenarioError) -> Double {
        guard let number = node.float ?? node.int.map(Double.init), range.contains(number) else {
            throw error("a number from \(range.lowerBound.words) to \(range.upperBound.words) is wanted")
        }
        return number
    }

    func integer(_ range: ClosedRange<Int>) throws(LoadScenarioError) -> Int {
        guard let number = node.int, range.contains(number) else {
            throw error("a whole number from \(range.lowerBound) to \(range.upperBound) is wanted")
        }
        return number
    }

    /// A number, or a list of the least and the most.
    func numbers(_ range: ClosedRange<Double>) throws(LoadScenarioError) -> ClosedRange<Double> {
        guard node.sequence != nil else {
            let number = try number(range)
            return number...number
        }
        let ends = try items().map { item throws(LoadScenarioError) in try item.number(range) }
        guard ends.count == 2, ends[0] <= ends[1] else { throw error("a number is wanted, or [least, most]") }
        return ends[0]...ends[1]
    }

    func flag() throws(LoadScenarioError) -> Bool {
        guard let flag = node.bool else { throw error("true or false is wanted") }
        return flag
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type
    ) throws(LoadScenarioError) -> Choice where Choice.RawValue == String {
        guard let choice = try Choice(rawValue: text()) else {
            throw error("one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")) is wanted")
        }
        return choice
    }

    /// As JSON: what the protocol takes is passed on as it stands.
    func json() -> JSONValue {
        if let mapping = node.mapping {
            return .object(
                JSONObject(
                    mapping.compactMap { key, value in
                        key.string.map { ($0, ScenarioNode(value).json()) }
                    }))
        }
        if let sequence = node.sequence { return .array(sequence.map { ScenarioNode($0).json() }) }
        if node.null != nil { return .null }
        if let flag = node.bool { return .bool(flag) }
        if let number = node.int { return .integer(number) }
        if let number = node.float { return .number(number) }
        return .string(node.string ?? "")
    }

    func object() throws(LoadScenarioError) -> JSONObject {
        guard case .object(let object) = json() else { throw error("a mapping of keys is wanted") }
        return object
    }
}

extension Double {
    /// Without a fraction where it has none.
    var words: String { self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : String(self) }
}
