package import RealtimeProtocol
package import SessionEngine

/// Turns speech into text.
package protocol Transcriber: Sendable {
    /// ISO 639-1 codes of what it knows; nil where that cannot be said. Another language is heard as one of these.
    var languages: [String]? { get }
    /// The recogniser of one session, asked once at its start; one without memory of a session is its own.
    func forSession(_ session: StageSession) -> any Transcriber
    /// Opens what the first request would have to wait for; where nothing has to be opened it does nothing.
    func connect() async
    /// Looks whether what failed works again, where it can be looked for without work.
    func probe() async
    /// Deltas as they come, then the whole; of mono Int16 at 16 kHz. Ends early when the task is cancelled.
    func transcribe(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?,
        onDelta: @Sendable (String) async -> Void
    ) async throws(EngineFailure) -> Transcript
    /// What it hears in speech that goes on, the last word perhaps cut in two; nil when it has anything else to do. Asked only
    /// where the engine `recognisesEarly`.
    func transcribeInPassing(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?
    ) async throws(EngineFailure) -> String?
}

extension Transcriber {
    package var languages: [String]? { nil }

    package func forSession(_ session: StageSession) -> any Transcriber { self }

    package func connect() async {}

    package func probe() async {}

    package func transcribeInPassing(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?
    ) async throws(EngineFailure) -> String? { nil }
}

/// What a recogniser heard.
package struct Transcript: Equatable, Sendable {
    package var text: String
    package var usage: TranscriptionUsage

    package init(text: String, usage: TranscriptionUsage) {
        self.text = text
        self.usage = usage
    }
}
