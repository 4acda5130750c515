import Foundation

/// What a bar asks of a figure: first and then.
struct Limits: Codable {
    enum Side: String, Codable {
        case atMost
        case atLeast
    }

    let side: Side
    let first: Double
    let then: Double

    static func atMost(_ first: Double, then: Double) -> Limits { Limits(side: .atMost, first: first, then: then) }
    static func atLeast(_ first: Double, then: Double) -> Limits { Limits(side: .atLeast, first: first, then: then) }

    func admits(_ value: Double) -> Bool { side == .atMost ? value <= first : value >= first }

    var words: String { (side == .atMost ? "≤ " : "≥ ") + String(format: "%.2f", first) }
}

/// One line of the report.
struct Row: Encodable {
    /// The bar's number; what stands behind a dash tells rows of one bar apart.
    let key: String
    let what: String
    let value: Double
    /// Nil for what no bar asks for.
    let limits: Limits?
    let note: String

    init(_ key: String, _ what: String, _ value: Double, _ limits: Limits?, note: String) {
        self.key = key
        self.what = what
        self.value = value
        self.limits = limits
        self.note = note
    }

    /// Markdown.
    static func table(_ rows: [Row]) -> String {
        let lines = rows.map { row in
            let verdict = row.limits.map { $0.admits(row.value) ? "met" : "not met" } ?? "-"
            let value = String(format: "%.2f", row.value)
            let bar = row.key.prefix { $0 != "-" }
            return "| \(bar) | \(row.what) | \(value) | \(row.limits?.words ?? "") | \(verdict) | \(row.note) |"
        }
        return (["| # | bar | measured | first | verdict | absolute |", "|---|---|---|---|---|---|"] + lines)
            .joined(separator: "\n") + "\n"
    }
}

/// What one part of the run leaves for docs/performance.md (Benchmarks/run.py).
struct PartReport: Encodable {
    var rows: [Row] = []
    /// A table of its own, as lines of Markdown.
    var table: [String] = []
    /// What was not measured, and why, in words.
    var skipped: [String] = []

    /// Prints it, and writes it as JSON to `path`.
    func publish(to path: String?) throws {
        if !rows.isEmpty { print(Row.table(rows)) }
        if !table.isEmpty { print(table.joined(separator: "\n")) }
        for words in skipped { print(words) }
        guard let path else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(self).write(to: URL(filePath: path))
    }
}

/// Seconds as milliseconds, for reading.
func ms(_ seconds: Double) -> String { String(format: "%.1f ms", seconds * 1_000) }
