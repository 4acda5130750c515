import RealtimeProtocol
package import SessionEngine
import Synchronization

/// A GGUF model through llama.cpp, for several conversations at once.
package final class LlamaLanguageModel: LanguageModel {
    /// Tokens of an answer whose request sets no limit: about two minutes of speech.
    private static let defaultMaxTokens = 400

    private let model: LlamaModel
    private let scheduler: LlamaScheduler
    private let settings: LlamaSettings
    /// Conversations that are being answered, or wait for it.
    private let answering = Atomic(0)

    init(model: LlamaModel, settings: LlamaSettings, niceness: Int32) throws(LocalEngineError) {
        self.model = model
        self.settings = settings
        scheduler = try LlamaScheduler(model: model, settings: settings, niceness: niceness)
    }

    package var isIdle: Bool { answering.load(ordering: .relaxed) == 0 }

    package func respond(
        to request: ModelRequest, onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> (reason: ModelEnd.Reason, usage: ModelUsage?) {
        answering.add(1, ordering: .relaxed)
        defer { answering.subtract(1, ordering: .relaxed) }
        let (answer, isWasted) = try await answer(ChatPrompt(request), to: request, onOutput)
        guard isWasted else { return answer }
        // No call of a function that somebody offered came of it: without functions before it, the model speaks.
        return try await self.answer(ChatPrompt(request, inWords: true), to: request, onOutput).answer
    }

    /// Wasted is an answer of which nothing could be used and nothing was put out.
    private func answer(
        _ chat: ChatPrompt, to request: ModelRequest, _ onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> (answer: (reason: ModelEnd.Reason, usage: ModelUsage?), isWasted: Bool) {
        let maxTokens = maxTokens(of: request)
        let prompt = try tokens(of: chat, leaving: maxTokens)
        var parser = ToolCallParser(tools: chat.tools)
        var repetition = RepetitionGuard()
        var assembler = UTF8Assembler()
        // A prefix that the answer must begin with is part of what the parser sees.
        await say(parser.feed(chat.prefix), &repetition, onOutput)
        let ending = try await generate(
            prompt, maxTokens: maxTokens, isCall: !chat.prefix.isEmpty
        ) { bytes in
            let outputs = parser.feed(assembler.feed(bytes))
            if chat.wantsCall && parser.hasSpoken { return false }
            await say(outputs, &repetition, onOutput)
            return !repetition.isStuck
        }
        let rest = parser.finish()
        let isWasted = parser.isWasted || chat.wantsCall && parser.hasSpoken
        if !isWasted {
            await say(rest, &repetition, onOutput)
            let last = repetition.finish()
            if !last.isEmpty { await onOutput(.text(last)) }
        }
        let usage = ModelUsage(
            inputTokens: prompt.count, cachedTokens: ending.cached, outputTokens: ending.produced)
        return ((ending.reason, usage), isWasted)
    }

    /// Reads instructions, tools and items into the cache; what comes after them will be all that is left to read.
    package func prepare(for request: ModelRequest) async throws(EngineFailure) {
        let prompt = try tokens(of: ChatPrompt(request), leaving: maxTokens(of: request), answered: false)
        let (events, _) = try submit(prompt, maxTokens: 0, isCall: false)
        for await event in events {
            if case .failed(let reason) = event { throw EngineFailure(code: "engine_error", message: reason) }
        }
    }

    private func say(
        _ outputs: [ModelOutput], _ repetition: inout RepetitionGuard,
        _ onOutput: @Sendable (ModelOutput) async -> Void
    ) async {
        for output in outputs {
            guard case .text(let text) = output else {
                await onOutput(output)
                continue
            }
            let passed = repetition.feed(text)
            if !passed.isEmpty { await onOutput(.text(passed)) }
        }
    }

    private func maxTokens(of request: ModelRequest) -> Int {
        let limit = settings.conversationTokens / 2
        return switch request.maxOutputTokens {
        case .infinite: min(Self.defaultMaxTokens, limit)
        case .tokens(let count): max(1, min(count, limit))
        }
    }

    /// Leaves out the oldest messages as long as the conversation does not fit.
    private func tokens(
        of chat: ChatPrompt, leaving reserve: Int, answered: Bool = true
    ) throws(EngineFailure) -> [Int32] {
        var messages = chat.messages
        do {
            while true {
                let text = try model.prompt(messages, answered: answered) + (answered ? chat.prefix : "")
                let tokens = model.tokens(of: text)
                if tokens.count + reserve <= settings.conversationTokens { return tokens }
                guard messages.count > 2 else {
                    throw EngineFailure(
                        code: "context_length_exceeded",
                        message: "The conversation needs \(tokens.count) tokens; the model has room for "
                            + "\(settings.conversationTokens - reserve).")
                }
                messages.remove(at: 1)
            }
        } catch let failure as EngineFailure {
            throw failure
        } catch {
            throw EngineFailure(code: "engine_error", message: "\(error)")
        }
    }

    /// The same conversation is answered alike, so that what went wrong can be repeated (FNV-1a).
    private static func seed(of prompt: [Int32]) -> UInt32 {
        prompt.reduce(2_166_136_261) { ($0 ^ UInt32(bitPattern: $1)) &* 16_777_619 }
    }

    private struct Ending {
        var reason: ModelEnd.Reason
        var cached: Int
        var produced: Int
    }

    /// `onPiece` says whether there is any use in more.
    private func generate(
        _ prompt: [Int32], maxTokens: Int, isCall: Bool, onPiece: ([UInt8]) async -> Bool
    ) async throws(EngineFailure) -> Ending {
        let (events, cancellation) = try submit(prompt, maxTokens: maxTokens, isCall: isCall)
        var isWanted = true
        for await event in events {
            switch event {
            case .piece(let bytes) where isWanted:
                isWanted = await onPiece(bytes)
                if !isWanted { cancellation.set() }
            case .piece: break
            case .ended(.cancelled, let cached, let produced) where !isWanted:
                return Ending(reason: .stop, cached: cached, produced: produced)
            case .ended(.cancelled, _, _): throw .cancelled
            case .ended(let ending, let cached, let produced):
                return Ending(
                    reason: ending == .maxTokens ? .maxOutputTokens : .stop, cached: cached, produced: produced)
            case .failed(let reason): throw EngineFailure(code: "engine_error", message: reason)
            }
        }
        throw .cancelled
    }

    private func submit(
        _ prompt: [Int32], maxTokens: Int, isCall: Bool
    ) throws(EngineFailure) -> (AsyncStream<LlamaJob.Event>, LlamaJob.Cancellation) {
        let seed = Self.seed(of: prompt)
        let (events, continuation) = AsyncStream.makeStream(of: LlamaJob.Event.self)
        let cancellation = LlamaJob.Cancellation()
        // The scheduler looks at this before each step; a consumer that is cancelled ends the stream at once.
        continuation.onTermination = { _ in cancellation.set() }
        try scheduler.submit(
            LlamaJob(
                prompt: prompt, maxTokens: maxTokens,
                sampling: isCall ? .functionCall(seed: seed) : .conversation(seed: seed), events: continuation,
                cancellation: cancellation))
        return (events, cancellation)
    }
}

/// Puts together characters whose bytes come in several pieces.
struct UTF8Assembler {
    private var held: [UInt8] = []

    mutating func feed(_ bytes: [UInt8]) -> String {
        held += bytes
        let complete = held.count - incompleteTail
        let text = String(decoding: held[..<complete], as: UTF8.self)
        held.removeFirst(complete)
        return text
    }

    /// Bytes at the end that begin a character and do not finish it (RFC 3629 §3).
    private var incompleteTail: Int {
        for back in 1...3 where back <= held.count {
            let byte = held[held.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }
}
