import Foundation
import LoadGenerator

/// One server that is called in turns with others.
struct RivalServer {
    let name: String
    /// At once.
    let calls: Int
    let signalling: any Signalling
    let probe: ProcessProbe
    /// Of each window.
    private(set) var windows: [CallWindow.Figures] = []
    /// Why it is measured no more.
    private(set) var failure: String?

    init(_ name: String, calls: Int, _ signalling: any Signalling, _ probe: ProcessProbe) {
        self.name = name
        self.calls = calls
        self.signalling = signalling
        self.probe = probe
    }

    /// Milliseconds of CPU for a second of a call, the median of its windows; nil where one failed.
    var cost: Double? { failure == nil && !windows.isEmpty ? windows.map(\.cost).median : nil }

    /// Packets that a caller heard, as a share of those it sent.
    var heardShare: Double { windows.map(\.heardShare).median }

    mutating func add(_ body: (RivalServer) async throws -> CallWindow.Figures) async {
        guard failure == nil else { return }
        do {
            let figures = try await body(self)
            windows.append(figures)
            say(String(format: "%.1f ms of CPU per call-second, heard %.0f %%", figures.cost, figures.heardShare * 100))
        } catch {
            failure = "\(name) is left out: \(words(for: error))"
            say(words(for: error))
        }
    }

    /// While it runs, apart from the report.
    private func say(_ words: String) {
        FileHandle.standardError.write(Data("  \(name): \(words)\n".utf8))
    }
}

extension [RivalServer] {
    /// Windows in turns, so that what else the machine does meets all; what a server fails at is its own loss.
    mutating func measure(rounds: Int, _ body: (RivalServer) async throws -> CallWindow.Figures) async {
        for _ in 0..<rounds {
            for index in indices { await self[index].add(body) }
        }
    }

    /// What a call of this server costs, of so many at once.
    func cost(_ name: String) -> (ms: Double, calls: Int)? {
        first { $0.name == name }.flatMap { server in server.cost.map { ($0, server.calls) } }
    }

    var failures: [String] { compactMap(\.failure) }
}

/// Without the name of its case.
func words(for error: any Error) -> String {
    if case .unexpected(let words)? = error as? SignallingError { words } else { "\(error)" }
}
