package import SessionEngine

/// Continues a conversation.
package protocol LanguageModel: Sendable {
    /// The language model of one session, asked once at its start; one without memory of a session is its own.
    func forSession(_ session: StageSession) -> any LanguageModel
    /// Opens what the first request would have to wait for; where nothing has to be opened it does nothing.
    func connect() async
    /// Looks whether what failed works again, where it can be looked for without work.
    func probe() async
    /// Says its output piece by piece; returns why it ended. Stops early when the task is cancelled.
    func respond(
        to request: ModelRequest, onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> (reason: ModelEnd.Reason, usage: ModelUsage?)
    /// Reads what a later request will begin with, whenever nobody is being answered; returns when it has, and stops early
    /// when the task is cancelled. A model that gains nothing by it does nothing.
    func prepare(for request: ModelRequest) async throws(EngineFailure)
    /// Whether nobody is being answered, so that an answer nobody may want keeps nobody waiting.
    var isIdle: Bool { get }
    /// Whether it is given the sound of the user's turn where a request would hold its words (`ModelRequest.items`).
    var hears: Bool { get }
}

extension LanguageModel {
    package func forSession(_ session: StageSession) -> any LanguageModel { self }

    package func connect() async {}

    package func probe() async {}

    package var isIdle: Bool { true }

    package var hears: Bool { false }

    package func prepare(for request: ModelRequest) async throws(EngineFailure) {}
}
