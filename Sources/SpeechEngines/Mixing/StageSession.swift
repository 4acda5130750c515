package import Logging

/// The session that a stage works for: its log, and by its identity a conversation among others.
package final class StageSession: Sendable {
    /// Carries the session's id.
    package let log: Logger

    package init(log: Logger) { self.log = log }

    /// Of whoever asks a stage outside any session.
    static let none = StageSession(log: Logger(label: "engine"))
}
