package import SessionEngine

/// Continues a conversation.
package protocol LanguageModel: Sendable {
    /// Says its output piece by piece; returns why it ended. Stops early when the task is cancelled.
    func respond(
        to request: ModelRequest, onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> (reason: ModelEnd.Reason, usage: ModelUsage?)
}
