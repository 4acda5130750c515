package import RealtimeProtocol

/// What a session wants done, in order; performed without a pause between two of one input.
package enum SessionEffect: Equatable, Sendable {
    case emit(ServerEvent, to: Audience)
    /// `conversation.item.retrieved` to one client; the driver puts in the audio it holds of the item where that fits.
    case emitRetrieved(Item, to: TransportID)
    /// The client was lost: what is said waits for it.
    case hold
    /// It is back by this transport: send what it has not had of the events.
    case replay(TransportID)

    // Input audio.
    /// The input side changed: coding of appended audio, whether voice activity is wanted, noise reduction.
    case configureInput(InputSettings)
    /// Input before the position is not needed any more; also sent now and then while nobody speaks.
    case clearInput(before: AudioPosition)
    /// This stretch of input is the audio of the item from now on.
    case keepAudio(ItemID, contentIndex: Int, Range<AudioPosition>)
    /// Audio that came with an item, in the format of the input.
    case storeAudio(ItemID, contentIndex: Int, [UInt8])
    /// Only the first samples (24 kHz) of an output item's audio remain.
    case cutAudio(ItemID, contentIndex: Int, samples: Int)
    case dropAudio(ItemID)
    /// Ask the turn detector about the turn in the range, at whose end a pause has lasted since the position, as it will be
    /// when the pause is that long.
    case scoreTurn(Range<AudioPosition>, silentSince: AudioPosition, pauseMs: Int)
    /// Say what is heard of a turn so far (`SessionInput.recognised`); takes the place of the question before.
    case recognise(RecognitionRequest, TranscriptionConfiguration?)
    case transcribe(TranscriptionRequest)
    case cancelTranscription(ItemID)

    // Responses.
    /// Let the model read what the next response will begin with, when it has nothing else to do; takes the place of what
    /// it was to read before, and ends where a response starts.
    case prepare(ModelRequest)
    case startResponse(ResponseGeneration, ModelRequest)
    /// Ask the model as for a response, if it has nothing else to do: the turn is probably over. Nobody knows of the generation
    /// until `settleSpeculation` says that it is a response now; one that is discarded is cancelled besides.
    case speculate(ResponseGeneration, ModelRequest)
    case settleSpeculation(ResponseGeneration, SpeculationOutcome)
    case speak(ResponseGeneration, SpeechRequest)
    /// Send the audio of one block: as a delta event on a WebSocket, into the playout of a peer; and keep it as the item's.
    case deliver(ResponseGeneration, chunk: Int, PartAddress, AudioFormat)
    /// To a client that is back: once more what it has not heard of the audio that was delivered, the stretches in order; the
    /// samples of the generation before count as heard. On a WebSocket that is new to them the stretches go as deltas.
    case sayAgain(ResponseGeneration, heard: Int, [SpokenStretch])
    /// Drop queued audio of this generation, on every transport.
    case discardAudio(ResponseGeneration)
    /// The work of the generation is over, by itself or not: free the model and the voice; what they still say is ignored.
    case cancel(ResponseGeneration)
    /// One stage of the generation is given up: free it; what it still says is ignored. The other goes on.
    case giveUp(ResponseGeneration, ResponseStage)

    // Tools of MCP servers; the talk goes on meanwhile.
    /// Ask a server what it has (`SessionInput.toolsListed`), for the item.
    case listTools(ItemID, MCPServer)
    /// Call a server's tool (`SessionInput.toolEnded`), for the item; the arguments are JSON text.
    case callTool(ItemID, MCPServer, name: String, arguments: String)
    /// Nobody waits any more for what was asked for the item.
    case cancelTool(ItemID)

    /// Usage of the session grew by this; for metrics, the log and the price.
    case account(Usage)
    case accountTranscription(TranscriptionUsage)
    case close(TransportID, SessionEndReason)
    /// The last effect.
    case closed(SessionEndReason)

    /// Who gets an event.
    package enum Audience: Equatable, Sendable {
        case everyone
        case only(TransportID)
        /// Transports whose audio is RTP, and sidebands of theirs: `output_audio_buffer.*`.
        case allOf(TransportKind)
    }
}

/// What works on a response.
package enum ResponseStage: Equatable, Sendable {
    case languageModel
    case voice
}

/// The audio of a part from one of its samples (24 kHz) to its end.
package struct SpokenStretch: Equatable, Sendable {
    package var part: PartAddress
    package var from: Int

    package init(part: PartAddress, from: Int) {
        self.part = part
        self.from = from
    }
}

/// How the driver treats input audio.
package struct InputSettings: Equatable, Sendable {
    package var format: AudioFormat
    /// Whether `voice` inputs are wanted.
    package var detectsVoice: Bool
    package var noiseReduction: NoiseReduction?

    package init(format: AudioFormat, detectsVoice: Bool, noiseReduction: NoiseReduction? = nil) {
        self.format = format
        self.detectsVoice = detectsVoice
        self.noiseReduction = noiseReduction
    }
}
