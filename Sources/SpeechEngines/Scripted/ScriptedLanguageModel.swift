import RealtimeProtocol
import SessionEngine

/// Says the reply of the first rule that matches. A token is a word.
struct ScriptedLanguageModel: LanguageModel {
    private let script: Script
    private let clock: any MonotonicClock

    init(_ script: Script, clock: any MonotonicClock) {
        self.script = script
        self.clock = clock
    }

    func respond(
        to request: ModelRequest, onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> (reason: ModelEnd.Reason, usage: ModelUsage?) {
        let scene = ScriptedScene(request)
        var speech = Speech(limit: limit(request), waits: script.timing.firstTokenMs)
        let reason = try await perform(scene.reply(by: script.rules), scene, &speech, onOutput)
        return (
            reason, ModelUsage(inputTokens: scene.tokens, cachedTokens: 0, outputTokens: speech.tokens)
        )
    }

    /// What was said so far.
    private struct Speech {
        let limit: Int
        var tokens = 0
        /// Before the next token, in ms.
        var waits: Int
    }

    private func perform(
        _ steps: [Script.Step], _ scene: ScriptedScene, _ speech: inout Speech,
        _ onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> ModelEnd.Reason {
        for step in steps {
            switch step {
            case .say(let text):
                for token in scene.filled(text).tokens {
                    guard await next(&speech) else { return .maxOutputTokens }
                    await onOutput(.text(token))
                }
            case .call(let name, let arguments):
                guard await call(name, scene.filled(arguments), &speech, onOutput) else { return .maxOutputTokens }
            case .messageEnd: await onOutput(.messageEnd)
            case .wait(let ms): try? await clock.sleep(for: .milliseconds(ms))
            case .fail(let code, let message):
                await wait(speech)
                throw EngineFailure(code: code, message: message)
            case .stop(let stop):
                await wait(speech)
                return stop == .maxOutputTokens ? .maxOutputTokens : .contentFilter
            }
        }
        return .stop
    }

    /// A call whose arguments come in pieces; false when there were too many.
    private func call(
        _ name: String, _ arguments: String, _ speech: inout Speech, _ onOutput: @Sendable (ModelOutput) async -> Void
    ) async -> Bool {
        guard await next(&speech) else { return false }
        await onOutput(.functionCall(nil, name: name))
        for piece in arguments.pieces(of: 16) {
            guard await next(&speech) else { return false }
            await onOutput(.arguments(piece))
        }
        await onOutput(.functionCallEnd)
        return true
    }

    /// Waits for the next token; false when there may be no more.
    private func next(_ speech: inout Speech) async -> Bool {
        guard speech.tokens < speech.limit, !Task.isCancelled else { return false }
        await wait(speech)
        speech.tokens += 1
        speech.waits = script.timing.tokenMs
        return true
    }

    private func wait(_ speech: Speech) async {
        guard speech.waits > 0 else { return }
        try? await clock.sleep(for: .milliseconds(speech.waits))
    }

    private func limit(_ request: ModelRequest) -> Int {
        switch request.maxOutputTokens {
        case .infinite: script.limits.maxOutputTokens
        case .tokens(let count): min(count, script.limits.maxOutputTokens)
        }
    }
}

extension String {
    fileprivate func pieces(of length: Int) -> [String] {
        var rest = self[...]
        var pieces: [String] = []
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
