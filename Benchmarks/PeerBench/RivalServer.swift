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
    let effort: @Sendable () async -> String?
    /// Of each round; nil where it did not keep up.
    private(set) var rounds: [CallWindow.Figures?] = []
    /// What went wrong last.
    private var trouble: String?

    init(
        _ name: String, calls: Int, _ signalling: any Signalling, _ probe: ProcessProbe,
        effort: @escaping @Sendable () async -> String? = { nil }
    ) {
        self.name = name
        self.calls = calls
        self.signalling = signalling
        self.probe = probe
        self.effort = effort
    }

    var windows: [CallWindow.Figures] { rounds.compactMap { $0 } }

    /// Why it is left out: it kept up in no more than half of the rounds.
    var failure: String? { windows.count * 2 > rounds.count ? nil : trouble }

    /// Milliseconds of CPU for a second of a call, the median of its windows; nil where it is left out.
    var cost: Double? { failure == nil && !windows.isEmpty ? windows.map(\.cost).median : nil }

    /// Packets that a caller heard, as a share of those it sent.
    var heardShare: Double { windows.map(\.heardShare).median }

    /// Finds the number of calls that fills a core to `share`; its windows do not count.
    mutating func fill(_ share: Double, _ body: (RivalServer) async throws -> CallWindow.Figures) async {
        for _ in 1...Self.tries {
            guard let found = await window(body) else {
                calls = Self.even(Double(calls) * 0.75)
                continue
            }
            trouble = nil
            guard abs(found.cost * Double(calls) / 1_000 - share) > Self.near else { return }
            calls = Self.even(1_000 * share / found.cost)
        }
    }

    /// Since AudioBridge's share rooms two and two.
    private static func even(_ calls: Double) -> Int { max(2, Int(calls / 2) * 2) }

    /// A round of it; none where it has failed before it ever kept up.
    mutating func add(_ body: (RivalServer) async throws -> CallWindow.Figures) async {
        guard trouble == nil || !windows.isEmpty else { return }
        rounds.append(await window(body))
    }

    private mutating func window(
        _ body: (RivalServer) async throws -> CallWindow.Figures
    ) async -> CallWindow.Figures? {
        do {
            let figures = try await body(self)
            let cost = String(format: "%.1f ms of CPU per call-second", figures.cost)
            say("\(cost), \(calls) calls, heard \(Int((figures.heardShare * 100).rounded())) %")
            return figures
        } catch {
            trouble = "\(name) is left out: \(words(for: error))"
            say("\(calls) calls: \(words(for: error))")
            return nil
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
        await measure(rounds: rounds, body)
    }

    /// What a call of one server costs over what it costs another in the same round, of all rounds in which both
    /// kept up; nil where either is left out. The machine's pace moves between rounds by more than the ratio does.
    func comparison(of over: String, with under: String) -> (over: RivalServer, under: RivalServer, ratios: [Double])? {
        guard let over = first(where: { $0.name == over }), let under = first(where: { $0.name == under }),
            over.cost != nil, under.cost != nil
        else { return nil }
        let ratios = zip(over.rounds, under.rounds).compactMap { over, under in
            over.flatMap { over in under.map { over.cost / $0.cost } }
        }
        return ratios.isEmpty ? nil : (over, under, ratios)
    }

    var failures: [String] { compactMap(\.failure) }
}

/// Without the name of its case.
func words(for error: any Error) -> String {
    if case .unexpected(let words)? = error as? SignallingError { words } else { "\(error)" }
}
