/// What must hold at the end of a run, like `pacing_ms.p99 <= 10`, `failed == 0` or `victims.pacing_ms.p99 <= 10`.
package struct LoadThreshold: Equatable, Sendable {
    package enum Relation: String, CaseIterable, Sendable {
        case atMost = "<="
        case atLeast = ">="
        case equal = "=="
        case under = "<"
        case over = ">"

        package func holds(_ left: Double, _ right: Double) -> Bool {
            switch self {
            case .atMost: left <= right
            case .atLeast: left >= right
            case .equal: left == right
            case .under: left < right
            case .over: left > right
            }
        }
    }

    /// As it was written.
    package let text: String
    /// Nil: all groups together.
    package let group: String?
    /// A measure with its percentile, a count, or a figure of the server.
    package let name: String
    package let relation: Relation
    package let limit: Double

    /// - Parameter groups: the names that may stand before a measure.
    package init(_ text: String, groups: [String]) throws(LoadScenarioError) {
        self.text = text
        // The longer first: "<=" begins with "<".
        let known = Relation.allCases.sorted { $0.rawValue.count > $1.rawValue.count }
        guard let relation = known.first(where: { text.contains($0.rawValue) }) else {
            throw .init("\(text): it needs one of \(Relation.allCases.map(\.rawValue).joined(separator: " "))")
        }
        let sides = text.split(separator: relation.rawValue, maxSplits: 1).map { $0.trimmed }
        guard sides.count == 2, let limit = Double(sides[1]) else {
            throw .init("\(text): on the right of \(relation.rawValue) stands a number")
        }
        self.relation = relation
        self.limit = limit
        let group = groups.first { sides[0].hasPrefix($0 + ".") }
        self.group = group
        name = group.map { String(sides[0].dropFirst($0.count + 1)) } ?? sides[0]
        guard LoadFigures.isName(name) else {
            throw .init("\(text): there is no figure \(name); there are \(LoadFigures.allNames)")
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
