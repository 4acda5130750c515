package import AudioPipeline
package import RealtimeProtocol
package import SessionEngine

/// What an upstream session is told: past facts.
package enum UpstreamInput: Equatable, Sendable {
    case attached(TransportID, TransportKind)
    case detached(TransportID, SessionInput.Departure)
    case client(RelayedEvent, from: TransportID)
    /// A message that is no event.
    case rejected(ProtocolError, from: TransportID)
    /// What a peer says, as an event that appends it.
    case spoken(RelayedEvent)

    /// The answer to `UpstreamEffect.connect`.
    case connected
    case notConnected(EngineFailure)
    /// The socket has ended by itself.
    case disconnected
    /// An event of the upstream; `sound` where it carries audio that a peer can play.
    case upstream(RelayedEvent, sound: UpstreamSound?)
    /// On a peer: samples of this playout (24 kHz) that have left for the client so far.
    case played(Generation, samples: Int)

    /// What is left of the budget that the session shares, until it begins anew.
    case allowance(left: Money, renews: ContinuousClock.Instant)
    /// `nextDeadline` has come.
    case deadline
    case end(SessionEndReason)
}

/// A block of an upstream's audio as the machine sees it; the PCM stays with the driver.
package struct UpstreamSound: Equatable, Sendable {
    /// Counts the blocks of a session.
    package var block: Int
    /// At 24 kHz mono.
    package var samples: Int

    package init(block: Int, samples: Int) {
        self.block = block
        self.samples = samples
    }
}

/// What an upstream session wants done, in order; performed without a pause between two of one input.
package enum UpstreamEffect: Equatable, Sendable {
    /// Open a socket to the upstream, at this one of its endpoints.
    case connect(endpoint: Int)
    case disconnect
    /// To the upstream.
    case send(RelayedEvent)
    /// An event of the upstream, or in its place; one without an `event_id` gets one.
    case relay(RelayedEvent, to: SessionEffect.Audience)
    /// An event of ours.
    case tell(ServerEvent, to: SessionEffect.Audience)
    /// Queue a block for the peer, after those of older playouts.
    case play(block: Int, Generation)
    /// A block is not wanted.
    case drop(block: Int)
    /// Nothing more will be played of it: the next may be.
    case endPlayout(Generation)
    /// Drop what is queued of it.
    case discardPlayout(Generation)
    case account(Usage)
    case accountTranscription(TranscriptionUsage)
    case count(UpstreamCount)
    case close(TransportID, SessionEndReason)
    /// The last effect.
    case closed(SessionEndReason)
}

/// What is counted of upstreams.
package enum UpstreamCount: Equatable, Sendable {
    /// A connection that was lost or refused; the code says how.
    case lost(String)
    /// A connection that took a conversation up again.
    case resumed
    /// Bytes of audio events that did not fit while there was no connection.
    case audioDropped(bytes: Int)
    /// An answer of the upstream to something that we asked, not the client, and that it refused.
    case refused
}
