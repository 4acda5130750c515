import AudioPipeline
import RealtimeProtocol
import SessionEngine

@testable import SpeechEngines

/// A model that does what a test says.
final class PuppetModel: LanguageModel {
    typealias Act = @Sendable (_ say: @Sendable (String) async -> Void) async throws(EngineFailure) -> Void

    private struct State {
        var asked = 0
        var running = 0
        var most = 0
        var cancelled = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let act: Act
    private let state = PosixLock(State())

    init(_ act: @escaping Act) { self.act = act }

    var asked: Int { state.withLock { $0.asked } }
    var most: Int { state.withLock { $0.most } }
    var cancelled: Int { state.withLock { $0.cancelled } }

    /// Returns once it was asked so often.
    func asked(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.asked < count { state.watchers.append((count, continuation)) }
                return state.asked >= count
            }
            if isThere { continuation.resume() }
        }
    }

    func respond(
        to request: ModelRequest, onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> (reason: ModelEnd.Reason, usage: ModelUsage?) {
        let due = state.withLock { state in
            state.asked += 1
            state.running += 1
            state.most = max(state.most, state.running)
            let due = state.watchers.filter { $0.count <= state.asked }
            state.watchers.removeAll { $0.count <= state.asked }
            return due
        }
        for watcher in due { watcher.continuation.resume() }
        defer {
            state.withLock { state in
                state.running -= 1
                if Task.isCancelled { state.cancelled += 1 }
            }
        }
        try await act { text in await onOutput(.text(text)) }
        if Task.isCancelled { throw .cancelled }
        return (.stop, nil)
    }
}

/// Until it is cancelled.
func forever() async {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    for await _ in stream {}
    continuation.finish()
}
