extension CallTurn {
    /// Characters of a waterfall's bar, and the least time they stand for.
    private static let barWidth = 40
    private static let barMs = 1_000.0

    /// For people: what was said both ways, and a waterfall of what came when after the end of speech.
    package var text: String {
        var lines = ["\(recording)", "  you     \(question)", "  parley  \(answer)"]
        if status != "completed" { lines.append("  response \(status): \(failure ?? "no reason was given")") }
        if wasCutOff { lines.append("  The turn was taken before the recording's speech had ended.") }
        let whole = max(Self.barMs, stages.values.map(\.inMs).max() ?? 0)
        for stage in Stage.allCases {
            guard let ms = stages[stage]?.inMs else { continue }
            let bar = String(repeating: "▇", count: max(0, Int(ms / whole * Double(Self.barWidth))))
            lines.append("  \(stage.rawValue.padded(17)) \("\(Int(ms.rounded()))".leading(6)) ms  \(bar)")
        }
        return lines.joined(separator: "\n")
    }
}

extension CallReport {
    /// The last lines of a call for people.
    package var summary: String {
        let heard = turns.compactMap { $0.stages[.heard]?.inMs }.sorted()
        var lines = ["\(turns.count) turns; connected after \(Int(setUp.inMs.rounded())) ms"]
        if let middle = heard.median, let last = heard.last {
            lines.append("end of speech to first sound: \(Int(middle)) ms in the middle, \(Int(last)) ms at most")
        }
        if lateFrames > 0 {
            lines.append(
                "This machine was too busy to call in time (\(lateFrames) late frames): the times are too long.")
        }
        return lines.joined(separator: "\n")
    }
}

extension Duration {
    /// Milliseconds with their fraction.
    var inMs: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1_000 + Double(attoseconds) / 1e15
    }
}

extension [Double] {
    /// The lower of the two in the middle; of a sorted array.
    fileprivate var median: Double? { isEmpty ? nil : self[(count - 1) / 2] }
}

extension String {
    fileprivate func padded(_ width: Int) -> String { self + String.spaces(width - count) }
    fileprivate func leading(_ width: Int) -> String { String.spaces(width - count) + self }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: Swift.max(0, count)) }
}
