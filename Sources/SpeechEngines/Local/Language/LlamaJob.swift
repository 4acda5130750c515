import CLlama
import Synchronization

/// What one response asks of the scheduler, or a session that wants its prompt read ahead, and how it hears the answer.
struct LlamaJob: Sendable {
    enum Event: Sendable {
        /// UTF-8, perhaps ending in the middle of a character.
        case piece([UInt8])
        case ended(Ending, cachedTokens: Int, outputTokens: Int)
        case failed(String)
    }

    enum Ending: Sendable {
        case stop
        case maxTokens
        case cancelled
    }

    let prompt: [Int32]
    /// 0: nothing is answered, the prompt is only read into the cache while nobody is being answered.
    let maxTokens: Int
    let sampling: LlamaSampling
    /// At most `maxTokens` pieces wait in it.
    let events: AsyncStream<Event>.Continuation
    let cancellation: Cancellation

    var onlyReads: Bool { maxTokens == 0 }

    /// Set by the asker, read by the scheduler before each step.
    final class Cancellation: Sendable {
        private let flag = Atomic(false)
        var isSet: Bool { flag.load(ordering: .relaxed) }
        func set() { flag.store(true, ordering: .relaxed) }
    }
}

/// How tokens are chosen.
struct LlamaSampling: Sendable {
    var temperature: Float
    var topP: Float = 0.9
    var topK: Int32 = 40
    /// 1 is none.
    var repeatPenalty: Float
    var seed: UInt32

    static func conversation(seed: UInt32) -> LlamaSampling {
        LlamaSampling(temperature: 0.2, repeatPenalty: 1.05, seed: seed)
    }

    /// JSON repeats itself by nature.
    static func functionCall(seed: UInt32) -> LlamaSampling {
        LlamaSampling(temperature: 0.1, repeatPenalty: 1, seed: seed)
    }

    /// Owned by the caller.
    func makeSampler(_ model: LlamaModel) -> OpaquePointer? {
        let library = model.library
        guard let chain = library.makeSampler(.init(no_perf: true)) else { return nil }
        // The others see what the first leaves, so that they need not go over the whole vocabulary.
        library.addSampler(chain, library.topK(topK))
        library.addSampler(chain, library.penalties(model.vocabularySize, 64, repeatPenalty, 0, 0))
        library.addSampler(chain, library.topP(topP, 1))
        library.addSampler(chain, library.temperature(temperature))
        library.addSampler(chain, library.distribution(seed))
        return chain
    }
}
