/// One event of the server; its `event_id` is given where it is sent.
package enum ServerEvent: Equatable, Sendable {
    case error(ProtocolError)

    case sessionCreated(Session, resume: ResumeOffer? = nil)
    case sessionUpdated(Session)
    case conversationCreated(ConversationID)

    case conversationItemAdded(Item, previousItemID: ItemID?)
    case conversationItemDone(Item, previousItemID: ItemID?)
    case conversationItemRetrieved(Item)
    case conversationItemDeleted(ItemID)
    case conversationItemTruncated(ItemID, contentIndex: Int, audioEndMs: Int)
    case inputAudioTranscriptionDelta(ItemID, contentIndex: Int, delta: String)
    case inputAudioTranscriptionCompleted(ItemID, contentIndex: Int, transcript: String, usage: TranscriptionUsage)
    case inputAudioTranscriptionFailed(ItemID, contentIndex: Int, ProtocolError)

    case inputAudioBufferCommitted(ItemID, previousItemID: ItemID?)
    case inputAudioBufferCleared
    case inputAudioBufferSpeechStarted(ItemID, audioStartMs: Int)
    case inputAudioBufferSpeechStopped(ItemID, audioEndMs: Int)
    case inputAudioBufferTimeoutTriggered(ItemID, audioStartMs: Int, audioEndMs: Int)

    case responseCreated(Response)
    case responseDone(Response)
    case outputItemAdded(ResponseID, outputIndex: Int, Item)
    case outputItemDone(ResponseID, outputIndex: Int, Item)
    case contentPartAdded(PartAddress, OutputModality)
    /// With the whole text or transcript of the part.
    case contentPartDone(PartAddress, OutputModality, text: String)
    case outputTextDelta(PartAddress, String)
    case outputTextDone(PartAddress, String)
    case outputAudioTranscriptDelta(PartAddress, String, words: [WordTiming])
    case outputAudioTranscriptDone(PartAddress, String)
    /// Bytes in the output format; base64 on the wire.
    case outputAudioDelta(PartAddress, [UInt8])
    case outputAudioDone(PartAddress)
    case functionCallArgumentsDelta(ItemAddress, FunctionCallID, String)
    case functionCallArgumentsDone(ItemAddress, FunctionCall)

    /// `mcp_list_tools.*`, of the item. Why it failed is ours: sent under `parley` to clients that opted in.
    case mcpListTools(MCPProgress, ItemID, MCPError? = nil)
    case mcpCallArgumentsDelta(ItemAddress, String)
    case mcpCallArgumentsDone(ItemAddress, String)
    /// `response.mcp_call.*`; it may come after `response.done`.
    case mcpCall(MCPProgress, ItemAddress)

    /// WebRTC only (RT-195).
    case outputAudioBufferStarted(ResponseID)
    case outputAudioBufferStopped(ResponseID)
    case outputAudioBufferCleared(ResponseID)

    case rateLimitsUpdated([RateLimit])
}

/// How far the listing or the call of a server's tools is.
package enum MCPProgress: String, Sendable {
    case inProgress = "in_progress"
    case completed
    case failed
}

/// Where an output item stands in a response.
package struct ItemAddress: Hashable, Sendable {
    package var response: ResponseID
    package var item: ItemID
    package var outputIndex: Int

    package init(response: ResponseID, item: ItemID, outputIndex: Int) {
        self.response = response
        self.item = item
        self.outputIndex = outputIndex
    }
}

/// Where a content part stands in a response.
package struct PartAddress: Hashable, Sendable {
    package var item: ItemAddress
    package var contentIndex: Int

    package init(item: ItemAddress, contentIndex: Int) {
        self.item = item
        self.contentIndex = contentIndex
    }
}

/// When a word of an audio part is heard, from the part's first sample. Ours: sent under `parley` to clients that opted in.
package struct WordTiming: Equatable, Sendable {
    package var text: String
    package var startMs: Int
    package var endMs: Int

    package init(text: String, startMs: Int, endMs: Int) {
        self.text = text
        self.startMs = startMs
        self.endMs = endMs
    }
}

/// One entry of `rate_limits.updated`.
package struct RateLimit: Equatable, Sendable {
    /// No other name is known to strict clients (RT-149).
    package enum Name: String, Sendable {
        case requests, tokens
    }

    package var name: Name
    package var limit: Int
    package var remaining: Int
    package var resetSeconds: Double

    package init(name: Name, limit: Int, remaining: Int, resetSeconds: Double) {
        self.name = name
        self.limit = limit
        self.remaining = remaining
        self.resetSeconds = resetSeconds
    }
}

/// The session object of the wire: the configuration and what is read-only about it.
package struct Session: Equatable, Sendable {
    package var id: SessionID
    /// Unix seconds; 0 in the answer to `client_secrets`.
    package var expiresAt: Int
    package var configuration: SessionConfiguration

    package init(id: SessionID, expiresAt: Int, configuration: SessionConfiguration) {
        self.id = id
        self.expiresAt = expiresAt
        self.configuration = configuration
    }
}
