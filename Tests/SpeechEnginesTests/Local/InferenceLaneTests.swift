import Dispatch
import SessionEngine
import Synchronization
import Testing

@testable import SpeechEngines

@Suite("Inference lanes")
struct InferenceLaneTests {
    @Test("Work runs one at a time, in order, and answers who asked")
    func order() async throws {
        let lane = InferenceLane(name: "test", niceness: 0, capacity: 100)
        let running = Count()
        let results = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await lane.run { () throws(LocalEngineError) in
                        let together = running.enter()
                        guard together == 1 else { throw .machine("\(together) at once") }
                        running.leave()
                        return number
                    }
                }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(results == Set(0..<50))
    }

    @Test("A full lane refuses at once")
    func full() async throws {
        let lane = InferenceLane(name: "test", niceness: 0, capacity: 1)
        let gate = Gate()
        async let busy: Void = lane.run { () throws(LocalEngineError) in gate.pass() }
        await gate.waitUntilReached()
        lane.post {}
        let refusal = await failure { () async throws(EngineFailure) in
            try await lane.run { () throws(LocalEngineError) in 1 }
        }
        gate.open()
        _ = try await busy
        #expect(refusal == EngineFailure(code: "engine_overloaded", message: refusal?.message ?? ""))
    }

    @Test("Who is cancelled is let go at once, however long the work it waits for hangs")
    func hanging() async {
        let lane = InferenceLane(name: "test", niceness: 0, capacity: 1)
        let gate = Gate()
        let asker = Task {
            await failure { () async throws(EngineFailure) in
                try await lane.run { () throws(LocalEngineError) in gate.pass() }
            }
        }
        await gate.waitUntilReached()
        asker.cancel()
        #expect(await asker.value == .cancelled)
        gate.open()
    }

    @Test("Work in passing is done where nothing else is, and left where something is")
    func inPassing() async throws {
        let lane = InferenceLane(name: "test", niceness: 0, capacity: 1)
        let gate = Gate()
        async let busy: Void = lane.run { () throws(LocalEngineError) in gate.pass() }
        await gate.waitUntilReached()
        let left = try await lane.runIfIdle { () throws(LocalEngineError) in 1 }
        gate.open()
        _ = try await busy
        // The thread is free only a moment after its work has answered.
        var done: Int?
        while done == nil { done = try await lane.runIfIdle { () throws(LocalEngineError) in 2 } }
        #expect(left == nil)
        #expect(done == 2)
    }

    @Test("An error of the model reaches who asked, in words")
    func error() async {
        let lane = InferenceLane(name: "test", niceness: 0, capacity: 1)
        let found = await failure { () async throws(EngineFailure) in
            try await lane.run { () throws(LocalEngineError) -> Int in throw .output(model: "m", reason: "r") }
        }
        #expect(found == EngineFailure(code: "engine_error", message: "m failed: r"))
    }

    private func failure<Result>(
        _ work: () async throws(EngineFailure) -> Result
    ) async -> EngineFailure? {
        do throws(EngineFailure) {
            _ = try await work()
            return nil
        } catch {
            return error
        }
    }
}

/// How many are inside.
private final class Count: Sendable {
    private let inside = Atomic(0)

    func enter() -> Int { inside.add(1, ordering: .sequentiallyConsistent).newValue }
    func leave() { inside.subtract(1, ordering: .sequentiallyConsistent) }
}

/// Holds a lane's thread until it is let go.
private final class Gate: Sendable {
    private let reached = AsyncStream.makeStream(of: Void.self)
    private let semaphore = DispatchSemaphore(value: 0)

    func pass() {
        reached.continuation.finish()
        semaphore.wait()
    }

    func waitUntilReached() async { for await _ in reached.stream {} }
    func open() { semaphore.signal() }
}
