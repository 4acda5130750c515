package import RealtimeProtocol

/// One conversation, decided: inputs are past facts, effects are what is to be done about them. Pure; time, seed and
/// identifiers are arguments.
package struct SessionMachine {
    private let settings: SessionMachineConfiguration
    /// The session as it is now.
    package private(set) var configuration: SessionConfiguration
    /// When `SessionInput.deadline` is due; nil for never.
    package private(set) var nextDeadline: ContinuousClock.Instant?

    package init(_ settings: SessionMachineConfiguration, now: ContinuousClock.Instant) {
        self.settings = settings
        configuration = settings.initial
    }

    package mutating func handle(_ input: SessionInput, now: ContinuousClock.Instant) -> [SessionEffect] {
        switch input {
        case .attached(let transport, _):
            let session = Session(id: settings.session, expiresAt: settings.startedAt, configuration: configuration)
            return [.emit(.sessionCreated(session), to: .only(transport))]
        default:
            return []
        }
    }
}
