import AudioPipeline
import Logging
import RealtimeProtocol
import SessionEngine
import TestKit
import Testing

@testable import SpeechEngines

@Suite("Stages that are several servers", .timeLimit(.minutes(1))) struct MixedStageTests {
    private static let broken = EngineFailure(code: "engine_unauthorized", message: "no")
    private static let request = ModelRequest(
        instructions: "", items: [], tools: [], toolChoice: .auto, parallelToolCalls: nil, reasoningEffort: nil,
        maxOutputTokens: .infinite, outputModality: .text)

    @Test("The second model answers where the first fails, and only its output is handed on")
    func fallback() async throws {
        let first = PuppetModel { _ throws(EngineFailure) in throw Self.broken }
        let second = PuppetModel { say in
            await say("Hello")
            await say(" you.")
        }
        // On a clock that stands, or a busy machine lets the rest of the first pass.
        let model = MixedLanguageModel(
            engine: "x", [MixedServer(first), MixedServer(second)], clock: ManualClock())
        #expect(try await Self.ask(model) == ["Hello", " you."])
        #expect(try await Self.ask(model) == ["Hello", " you."])
        #expect(first.asked == 1, "one that failed rests")
        #expect(second.asked == 2)
    }

    @Test("A model that hangs is cancelled at its deadline, and the next one answers")
    func hang() async throws {
        let clock = ManualClock()
        var limits = ServerLimits()
        limits.firstOutput = .seconds(2)
        let first = PuppetModel { _ in await forever() }
        let second = PuppetModel { say in await say("Here.") }
        let model = MixedLanguageModel(
            engine: "x", [MixedServer(first, limits), MixedServer(second, limits)], clock: clock)
        async let said = Self.ask(model)
        await clock.sleepers(1)
        clock.advance(by: .seconds(2))
        #expect(try await said == ["Here."])
        #expect(first.cancelled == 1)
    }

    @Test("Of two that are asked the first to speak is heard, and the other is cancelled")
    func hedge() async throws {
        let clock = ManualClock()
        var limits = ServerLimits()
        limits.hedge = .milliseconds(300)
        let first = PuppetModel { _ in await forever() }
        let second = PuppetModel { say in await say("Faster.") }
        let model = MixedLanguageModel(engine: "x", [MixedServer(first, limits), MixedServer(second)], clock: clock)
        async let said = Self.ask(model)
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(300))
        #expect(try await said == ["Faster."])
        #expect(first.cancelled == 1)
    }

    @Test("A cancelled request cancels whoever was asked and whoever waits, and frees their places")
    func cancellation() async throws {
        var limits = ServerLimits()
        limits.concurrent = 1
        let hanging = PuppetModel { _ in await forever() }
        let model = MixedLanguageModel(engine: "x", [MixedServer(hanging, limits)])
        let running = Task { try await Self.ask(model) }
        await hanging.asked(1)
        let waiting = Task { try await Self.ask(model) }
        waiting.cancel()
        await #expect(throws: EngineFailure.cancelled) { try await waiting.value }
        running.cancel()
        await #expect(throws: EngineFailure.cancelled) { try await running.value }
        #expect(hanging.asked == 1)
        let again = Task { try await Self.ask(model) }
        await hanging.asked(2)
        again.cancel()
        _ = await again.result
        #expect(hanging.cancelled == 2)
    }

    @Test("With a limit of two never more are asked at once, and all of twenty are served")
    func limit() async throws {
        var limits = ServerLimits()
        limits.concurrent = 2
        let model = PuppetModel { say in
            await Task.yield()
            await say("Done.")
        }
        let mixed = MixedLanguageModel(engine: "x", [MixedServer(model, limits)])
        try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<20 {
                let session = mixed.forSession(StageSession(log: Logger(label: "test")))
                group.addTask { try await Self.ask(session) }
            }
            for try await said in group { #expect(said == ["Done."]) }
        }
        #expect(model.asked == 20)
        #expect(model.most <= 2)
    }

    @Test("A full queue is a failure that says so")
    func full() async throws {
        var limits = ServerLimits()
        limits.concurrent = 1
        limits.queued = 0
        let hanging = PuppetModel { _ in await forever() }
        let model = MixedLanguageModel(engine: "x", [MixedServer(hanging, limits)])
        let running = Task { try await Self.ask(model) }
        await hanging.asked(1)
        let failure = await #expect(throws: EngineFailure.self) { try await Self.ask(model) }
        #expect(failure?.code == "engine_overloaded")
        running.cancel()
        _ = await running.result
    }

    @Test("Lines that name the same server wait for each other's requests, each with its own bound of those that wait")
    func shared() async throws {
        let places = ServerPlaces(limit: 1)
        var (limits, none) = (ServerLimits(), ServerLimits())
        limits.queued = 1
        none.queued = 0
        let hanging = PuppetModel { _ in await forever() }
        let saying = PuppetModel { say in await say("At last.") }
        let one = MixedLanguageModel(engine: "x", [MixedServer(hanging, limits, places: places, connect: nil)])
        let two = MixedLanguageModel(engine: "y", [MixedServer(saying, limits, places: places, connect: nil)])
        let three = MixedLanguageModel(engine: "z", [MixedServer(saying, none, places: places, connect: nil)])
        let running = Task { try await Self.ask(one) }
        await hanging.asked(1)
        let refusal = await #expect(throws: EngineFailure.self) { try await Self.ask(three) }
        #expect(refusal?.code == "engine_overloaded")
        async let said = Self.ask(two)
        running.cancel()
        _ = await running.result
        #expect(try await said == ["At last."])
        #expect(saying.asked == 1)
    }

    private static func ask(_ model: any LanguageModel) async throws -> [String] {
        let said = PosixLock<[String]>([])
        _ = try await model.respond(to: request) { output in
            if case .text(let text) = output { said.withLock { $0.append(text) } }
        }
        return said.withLock { $0 }
    }
}
