package import RealtimeProtocol

/// One conversation, decided: inputs are past facts, effects are what is to be done about them. Pure; time, seed and
/// identifiers are arguments.
///
/// The decisions are split over `Conversation`, `InputBuffer`, `TurnTaking`, `ResponseLifecycle`, `Playout` and the
/// rest; the machine's extensions let them meet, one file for each kind of input.
package struct SessionMachine: Sendable {
    enum Stage: Equatable, Sendable {
        case open
        case closed
    }

    /// `expires_at` of a session without a limit: a year from its start.
    package static let unlimitedSeconds = 31_536_000

    let settings: SessionMachineConfiguration
    /// The session as it is now.
    package internal(set) var configuration: SessionConfiguration
    var stage = Stage.open
    var transports = TransportTable()
    var conversation = Conversation()
    var transcriptions = Transcriptions()
    var listening: Listening
    var responses = ResponseLifecycle()
    var output = OutputState()
    var preparation = Preparation()
    var mcp = MCPState()
    var spending: Spending
    var speculation: Speculation?
    /// The pause in which an answer was begun last.
    var speculatedPause: AudioPosition?
    var identifiers: IdentifierSource
    var rate: RateMeter?
    /// Of the input being handled.
    var now: ContinuousClock.Instant
    private var effects: [SessionEffect] = []
    private let expiry: ContinuousClock.Instant?

    package init(_ settings: SessionMachineConfiguration, now: ContinuousClock.Instant) {
        self.settings = settings
        self.now = now
        configuration = settings.initial
        listening = Listening(
            turns: TurnTaking(settings.initial.input.turnDetection, scoresTurns: settings.engine.scoresTurns))
        identifiers = IdentifierSource(seed: settings.seed)
        spending = Spending(settings.spending)
        rate = settings.rateLimit.map { RateMeter($0, now: now) }
        expiry = settings.maxDuration.map { now + $0 }
    }

    /// When `SessionInput.deadline` is due; nil for never.
    package var nextDeadline: ContinuousClock.Instant? {
        guard stage == .open else { return nil }
        return .earlier(.earlier(expiry, listening.idle.deadline), .earlier(stageDeadline, transports.hold?.until))
    }

    /// Takes one input; what is to be done about it, in order. After `.closed` there is nothing more to do.
    package mutating func handle(_ input: SessionInput, now: ContinuousClock.Instant) -> [SessionEffect] {
        guard stage == .open else { return [] }
        self.now = max(self.now, now)
        effects = []
        dispatch(input)
        if stage == .open {
            reviewSpending()
            reviewSpeculation()
            prepareIfDue()
        }
        defer { effects = [] }
        return effects
    }

    private mutating func dispatch(_ input: SessionInput) {
        switch input {
        case .attached(let transport, let kind, let offer): attach(transport, kind, offer)
        case .resumed(let transport, let kind, let offer): resume(transport, kind, offer)
        case .detached(let transport, let departure, let lastHeard): detach(transport, departure, lastHeard)
        case .client(let event, let transport): client(event, from: transport)
        case .rejected(let error, let transport): emit(.error(error), to: .only(transport))
        case .audio(let position): heardAudio(until: position)
        case .voice(let probability, let position): heardVoice(probability, at: position)
        case .turnScore(let score, let position):
            listening.turns.scored(score, at: position)
            speculateIfLikely()
        case .recognised(let item, let position, let text): recognised(item, until: position, text)
        case .transcriptDelta(let item, let index, let text):
            transcriptGrew(.init(item: item, contentIndex: index), text)
        case .transcribed(let item, let index, let text, let usage):
            transcribed(.init(item: item, contentIndex: index), text, usage)
        case .transcriptionFailed(let item, let index, let failure):
            transcriptionFailed(.init(item: item, contentIndex: index), failure)
        case .model(let generation, let output): modelSaid(generation, output)
        case .modelEnded(let generation, let end): modelEnded(generation, end)
        case .speech(let generation, let chunk): spoke(generation, chunk)
        case .clauseSpoken(let generation, let clause): clauseSpoken(generation, clause)
        case .speechFailed(let generation, let failure): voiceFailed(generation, failure)
        case .played(let generation, let samples): played(generation, samples)
        case .toolsListed(let item, let tools): toolsListed(item, tools)
        case .toolListFailed(let item, let error): toolListFailed(item, error)
        case .toolEnded(let item, let outcome): toolEnded(item, outcome)
        case .allowance(let left, let renews): spending.share(left: left, renews: renews)
        case .deadline: deadlineCame()
        case .end(let reason): end(reason)
        }
    }

    private mutating func deadlineCame() {
        if let expiry, now >= expiry { return end(.expired) }
        if let hold = transports.hold, now >= hold.until { return end(.notResumed) }
        giveUpOverdue()
        if let due = listening.idle.deadline, now >= due { idleDeadlineCame() }
    }

    /// Adds an effect.
    mutating func act(_ effect: SessionEffect) { effects.append(effect) }

    /// Sends an event; without anybody to hear it there is nothing to do.
    mutating func emit(_ event: ServerEvent, to audience: SessionEffect.Audience = .everyone) {
        if case .only(let transport) = audience, !transports.contains(transport) { return }
        guard !transports.isEmpty else { return }
        effects.append(.emit(event, to: audience))
    }

    /// The session object of the wire.
    var session: Session {
        let seconds = settings.maxDuration.map { Int($0.components.seconds) } ?? Self.unlimitedSeconds
        return Session(
            id: settings.session, expiresAt: settings.startedAt &+ seconds, configuration: configuration)
    }
}
