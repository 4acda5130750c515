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
    private let clockwork: Clockwork?
    private let answer: @Sendable (SessionInput) -> [SessionEffect]

    init(_ clockwork: Clockwork? = nil, _ answer: @escaping @Sendable (SessionInput) -> [SessionEffect]) {
        self.clockwork = clockwork
        self.answer = answer
    }

    var nextDeadline: ContinuousClock.Instant? { clockwork?.deadline }

    mutating func handle(_ input: SessionInput, now: ContinuousClock.Instant) -> [SessionEffect] {
        log.add(input)
        return answer(input)
    }
}

/// The deadline of a scripted machine, which the test sets.
final class Clockwork: Sendable {
    private let value = PosixLock<ContinuousClock.Instant?>(nil)

    var deadline: ContinuousClock.Instant? { value.withLock { $0 } }

    func set(_ deadline: ContinuousClock.Instant?) { value.withLock { $0 = deadline } }
}
