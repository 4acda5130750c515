import AudioPipeline
import SessionEngine
import VoiceSession

/// A machine that answers facts by what the test says, and keeps what it was told.
struct ScriptedMachine: ConversationMachine {
    final class Log: Sendable {
        private let facts = PosixLock<[SessionInput]>([])
        private let told: AsyncStream<SessionInput>
        private let toldOut: AsyncStream<SessionInput>.Continuation

        init() {
            (told, toldOut) = AsyncStream.makeStream()
        }

        var all: [SessionInput] { facts.withLock { $0 } }

        /// The next fact that `matches`.
        func next(_ matches: (SessionInput) -> Bool) async -> SessionInput {
            for await fact in told where matches(fact) { return fact }
            preconditionFailure("the test was cancelled")
        }

        fileprivate func add(_ fact: SessionInput) {
            facts.withLock { $0.append(fact) }
            toldOut.yield(fact)
        }
    }

    let log = Log()
    var nextDeadline: ContinuousClock.Instant?
    let answer: @Sendable (SessionInput) -> [SessionEffect]

    init(_ answer: @escaping @Sendable (SessionInput) -> [SessionEffect]) {
        self.answer = answer
    }

    mutating func handle(_ input: SessionInput, now: ContinuousClock.Instant) -> [SessionEffect] {
        log.add(input)
        return answer(input)
    }
}
