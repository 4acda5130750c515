package import RealtimeProtocol

/// What a session is told: past facts.
package enum SessionInput: Equatable, Sendable {
    // Transports.
    /// With `resume`, its client may come back where it is lost.
    case attached(TransportID, TransportKind, resume: ResumeOffer? = nil)
    /// The client of a transport that was lost is back.
    case resumed(TransportID, TransportKind, ResumeOffer)
    /// `lastHeard`: of one that was lost, where that is known; what left for it later was not heard.
    case detached(TransportID, Departure, lastHeard: ContinuousClock.Instant? = nil)
    case client(ClientEvent, from: TransportID)
    /// A message that is no event of ours.
    case rejected(ProtocolError, from: TransportID)

    // Input audio. Everything before the position is in the ring.
    case audio(until: AudioPosition)
    /// Speech probability of the window that ends there, 0 to 1; only while turn detection is on.
    case voice(probability: Double, at: AudioPosition)
    /// How complete the turn sounds, 0 to 1: the answer to `scoreTurn`.
    case turnScore(Double, at: AudioPosition)

    // Recogniser.
    /// The answer to `recognise`, of the stretch that ends there; nil when there was no time for it, or it failed.
    case recognised(ItemID, until: AudioPosition, String?)
    case transcriptDelta(ItemID, contentIndex: Int, String)
    case transcribed(ItemID, contentIndex: Int, String, TranscriptionUsage)
    case transcriptionFailed(ItemID, contentIndex: Int, EngineFailure)

    // Language model and voice; of a generation that is over they are ignored.
    case model(ResponseGeneration, ModelOutput)
    case modelEnded(ResponseGeneration, ModelEnd)
    case speech(ResponseGeneration, SpeechChunk)
    case clauseSpoken(ResponseGeneration, clause: Int)
    case speechFailed(ResponseGeneration, EngineFailure)
    /// On a peer: samples of this generation (24 kHz) that have left for the client so far.
    case played(ResponseGeneration, samples: Int)

    // MCP servers: the answers to `listTools` and `callTool`; of an item that is gone they are ignored.
    case toolsListed(ItemID, [MCPListedTool])
    case toolListFailed(ItemID, MCPError)
    case toolEnded(ItemID, MCPOutcome)

    /// What is left of the budget that this session shares with others, until it begins anew.
    case allowance(left: Money, renews: ContinuousClock.Instant)

    /// `nextDeadline` has come.
    case deadline
    case end(SessionEndReason)

    package enum Departure: Equatable, Sendable {
        case goodbye
        case lost
        /// It was lost before it could carry an event.
        case unopened
        /// It took its events too slowly, and its queue was full.
        case overrun
    }
}

/// Why a session ended.
package enum SessionEndReason: Equatable, Sendable {
    /// Its last client left or hung up.
    case clientLeft
    case hangUp
    /// Its client was lost and did not come back in time.
    case notResumed
    /// Configured maximum duration.
    case expired
    case shutdown
    /// A client takes its events too slowly.
    case overrun
    case internalError(String)
}
