import Foundation
import LoadGenerator

/// Shows how far a load is: on a terminal one line that changes, elsewhere a line every ten seconds.
enum LoadTicker {
    private static let isTerminal = isatty(STDERR_FILENO) != 0
    private static let secondsBetweenLines = 10.0

    static func show(_ progress: LoadProgress) {
        switch progress {
        case .second(let point, let end):
            let isDue = Int(point.seconds) % Int(secondsBetweenLines) == 0
            guard isTerminal || isDue else { return }
            write((isTerminal ? "\r\u{1B}[K" : "") + words(point, end) + (isTerminal ? "" : "\n"))
        case .stepEnded(let step, let count):
            if isTerminal { write("\r\u{1B}[K") }
            if count > 1 { write("\(step.calls) calls: \(step.isPassed ? "met" : "MISSED")\n") }
        }
    }

    private static func words(_ point: LoadPoint, _ end: Double) -> String {
        var words = "\(Int(point.seconds)) of \(Int(end)) s: \(point.callsUp) calls up, \(point.connected) connected"
        if point.refused > 0 { words += ", \(point.refused) refused" }
        if point.failed > 0 { words += ", \(point.failed) failed" }
        words += ", \(point.answered) answers"
        if let cpu = point.serverCPUPercent { words += ", server \(Int(cpu)) % of a core" }
        return words
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
