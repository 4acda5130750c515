import Foundation
import LoadGenerator

/// One server that is called in turns with others.
struct RivalServer {
    /// Windows that may go by until the number of calls is right.
    private static let tries = 3
    /// Of a core.
    private static let near = 0.04

    let name: String
    /// At once.
    private(set) var calls: Int
    let signalling: any Signalling
    let probe: ProcessProbe
    /// What its encoders are held to now; nil where it does not say.
    let complexity: @Sendable () async -> Int?
    /// Of each window.
    private(set) var windows: [CallWindow.Figures] = []
    /// Why it is measured no more.
    private(set) var failure: String?

    init(
        _ name: String, calls: Int, _ signalling: any Signalling, _ probe: ProcessProbe,
        complexity: @escaping @Sendable () async -> Int? = { nil }
    ) {
        self.name = name
        self.calls = calls
        self.signalling = signalling
        self.probe = probe
        self.complexity = complexity
    }

    /// Milliseconds of CPU for a second of a call, the median of its windows; nil where one failed.
    var cost: Double? { failure == nil && !windows.isEmpty ? windows.map(\.cost).median : nil }

    /// Packets that a caller heard, as a share of those it sent.
    var heardShare: Double { windows.map(\.heardShare).median }

    /// Finds the number of calls that fills a core to `share`, and keeps the last window as the first that counts.
    mutating func fill(_ share: Double, _ body: (RivalServer) async throws -> CallWindow.Figures) async {
        for _ in 1...Self.tries {
            await add(body)
            guard let last = windows.last, failure == nil, abs(last.cost * Double(calls) / 1_000 - share) > Self.near
            else { return }
            windows = []
            // Even, since AudioBridge's share rooms two and two.
            calls = max(2, Int(1_000 * share / last.cost / 2) * 2)
        }
        await add(body)
    }

    mutating func add(_ body: (RivalServer) async throws -> CallWindow.Figures) async {
        guard failure == nil else { return }
        do {
            let figures = try await body(self)
            windows.append(figures)
            let cost = String(format: "%.1f ms of CPU per call-second", figures.cost)
            say("\(cost), \(calls) calls, heard \(Int((figures.heardShare * 100).rounded())) %")
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

    /// Finds for each the number of calls that takes `share` of a core, then windows in turns.
    mutating func fill(
        _ share: Double, rounds: Int, _ body: (RivalServer) async throws -> CallWindow.Figures
    ) async {
        for index in indices { await self[index].fill(share, body) }
        await measure(rounds: rounds - 1, body)
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
