import RealtimeProtocol

/// A response that is not done.
struct ActiveResponse: Sendable {
    enum Phase: Equatable, Sendable {
        /// Created, and told; its context still has audio that is being transcribed.
        case waiting(Set<ItemID>)
        case generating
        /// The model has ended; the voice may still be speaking.
        case speaking(ModelEnd.Reason)
    }

    let id: ResponseID
    /// Given up for that of an answer that was begun ahead.
    var generation: ResponseGeneration
    var plan: ResponsePlan
    /// Set when it starts.
    var toolbox: Toolbox
    var phase: Phase
    /// In order; only the last may be open.
    var outputs: [OutputItem] = []
    /// What the model said while the message before it is still being spoken.
    var backlog: [ModelOutput] = []
    /// Clauses given to the voice.
    var clauses = 0
    /// Samples at 24 kHz the voice has made.
    var samples = 0
    /// On a peer, how many of them were heard.
    var played = 0
    var meter = ResponseMeter()
    var outputGuard = OutputGuard()
    /// What it will end with: a stage has failed, and what can still be said is being said.
    var failure: Response.Failure?
    /// The voice has failed: what is said from now on is text alone.
    var isMute = false
    /// When the model last said something, or was asked; nil before.
    var modelActed: ContinuousClock.Instant?
    var hasModelOutput = false
    /// When the voice last made or the listener last heard something, or the voice was asked.
    var voiceActed: ContinuousClock.Instant?

    init(id: ResponseID, generation: ResponseGeneration, plan: ResponsePlan) {
        self.id = id
        self.generation = generation
        self.plan = plan
        toolbox = Toolbox(plan.tools, plan.toolChoice, [])
        phase = .waiting([])
    }

    var hasStarted: Bool {
        if case .waiting = phase { false } else { true }
    }

    /// Whether the voice owes it something.
    var awaitsVoice: Bool {
        guard !isMute, let index = openIndex, case .speech(let part) = outputs[index].body else { return false }
        return part.isBeingSpoken
    }

    /// Whether a clause waits to be told.
    var hasUntold: Bool {
        guard let index = openIndex, case .speech(let part) = outputs[index].body else { return false }
        return part.told < part.clauses.count
    }

    /// When its model or its voice will have been silent for too long; nil while neither works.
    func deadline(_ limits: StageDeadlines) -> ContinuousClock.Instant? {
        .earlier(modelDeadline(limits), voiceDeadline(limits))
    }

    func modelDeadline(_ limits: StageDeadlines) -> ContinuousClock.Instant? {
        guard phase == .generating, let modelActed else { return nil }
        return modelActed + (hasModelOutput ? limits.betweenTokens : limits.firstToken)
    }

    func voiceDeadline(_ limits: StageDeadlines) -> ContinuousClock.Instant? {
        guard let voiceActed, awaitsVoice else { return nil }
        return voiceActed + limits.voice
    }

    /// Whether it said something to somebody, calls apart.
    var hasMessage: Bool {
        outputs.contains { !$0.isCall }
    }

    /// A part for what it says next, which comes after the last one that said anything.
    var nextPart: SpokenPart {
        let spoken = outputs.reversed().lazy.compactMap { if case .speech(let part) = $0.body { part } else { nil } }
        return SpokenPart(firstSample: samples, after: spoken.first { !$0.clauses.isEmpty })
    }

    /// Whether some of its transcript has been told.
    var hasTold: Bool {
        outputs.contains { if case .speech(let part) = $0.body { part.told > 0 } else { false } }
    }

    /// The item that is not closed, if any.
    var openIndex: Int? {
        guard let last = outputs.indices.last else { return nil }
        if case .closed = outputs[last].stage { return nil }
        return last
    }

    /// Keeps a piece of model output for later; text joins the text before it.
    mutating func keep(_ output: ModelOutput) {
        if case .text(let more) = output, case .text(let text)? = backlog.last {
            backlog[backlog.count - 1] = .text(text + more)
        } else {
            backlog.append(output)
        }
    }

    func response(_ status: Response.Status, conversation: ConversationID, usage: Usage?) -> Response {
        Response(
            id: id, status: status, output: status == .inProgress ? [] : outputs.map(\.toldItem),
            conversationID: plan.isOutOfBand ? nil : conversation, outputModality: plan.modality,
            maxOutputTokens: plan.maxOutputTokens, outputFormat: plan.format, voice: plan.voice, usage: usage,
            metadata: plan.metadata)
    }
}

extension ContinuousClock.Instant? {
    /// The earlier of two that may be missing.
    static func earlier(_ first: Self, _ second: Self) -> Self {
        guard let first, let second else { return first ?? second }
        return min(first, second)
    }
}
