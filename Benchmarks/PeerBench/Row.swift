import Foundation

/// One line of the report.
struct Row {
    let bar: String
    let what: String
    let value: Double
    let limit: String
    let passes: Bool?
    let note: String

    init(_ bar: String, _ what: String, _ value: Double, _ limit: String, passes: Bool?, note: String) {
        self.bar = bar
        self.what = what
        self.value = value
        self.limit = limit
        self.passes = passes
        self.note = note
    }

    /// Markdown.
    static func table(_ rows: [Row]) -> String {
        let lines = rows.map { row in
            let verdict = row.passes.map { $0 ? "met" : "not met" } ?? "-"
            let value = String(format: "%.2f", row.value)
            return "| \(row.bar) | \(row.what) | \(value) | \(row.limit) | \(verdict) | \(row.note) |"
        }
        return (["| # | bar | measured | first | verdict | absolute |", "|---|---|---|---|---|---|"] + lines)
            .joined(separator: "\n") + "\n"
    }
}

/// Seconds as milliseconds, for reading.
func ms(_ seconds: Double) -> String { String(format: "%.1f ms", seconds * 1_000) }
