import Foundation

/// What the person who waits for a fetch is told.
package enum FetchEvent: Equatable, Sendable {
    case step(String)
    /// Of one download; nil where the total is not known.
    case progress(name: String, bytes: Int, total: Int?)
}

/// Prints what a fetch tells: a line per step, and how far a download is, in place on a terminal, else now and then.
package final class FetchPrinter {
    /// Of a download between two lines in a file or pipe.
    private static let bytesPerLine = 25_000_000

    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private var hasOpenLine = false
    private var told: (name: String, bytes: Int) = ("", 0)

    package init() {}

    package func print(_ event: FetchEvent) {
        switch event {
        case .step(let line):
            write((hasOpenLine ? "\n" : "") + line + "\n")
            hasOpenLine = false
        case .progress(let name, let bytes, let total):
            let line =
                "      \(name): \(Self.megabytes(bytes))" + (total.map { " of \(Self.megabytes($0))" } ?? "") + " MB"
            if isTerminal {
                write("\r\u{1B}[K" + line)
                hasOpenLine = true
                return
            }
            if told.name != name { told = (name, 0) }
            guard bytes - told.bytes >= Self.bytesPerLine || bytes == total && bytes > told.bytes else { return }
            told.bytes = bytes
            write(line + "\n")
        }
    }

    private func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private static func megabytes(_ bytes: Int) -> String {
        let tenths = (bytes + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
