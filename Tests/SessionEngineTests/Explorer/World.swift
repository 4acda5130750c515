import RealtimeProtocol
import SessionEngine

/// What surrounds a machine, as a seed has it: clients, a recogniser, a model, a voice and a playout that do what they
/// may at any time, and now and then what they may not.
struct World {
    private struct Work {
        var isModelDone = false
        var clauses: [(number: Int, text: String, blocks: Int)] = []
        var blocks = 0
        var delivered = 0
        var played = 0
        var isOver = false
    }

    private(set) var kind: TransportKind
    /// Nil: its client does not come back.
    private(set) var offer: ResumeOffer?
    private(set) var settings: SessionMachineConfiguration
    private var random: SeededGenerator
    /// Of its own, so that sessions without tools are what they were.
    private var toolRandom: SeededGenerator
    private var listings: [ItemID] = []
    private var toolCalls: [ItemID] = []
    private var approvals: [ItemID] = []
    private var position = AudioPosition(rawValue: 0)
    private var scored: [AudioPosition] = []
    private var questions: [RecognitionRequest] = []
    private var work: [ResponseGeneration: Work] = [:]
    private var lastGeneration: UInt64 = 1
    private var transcriptions: [(ItemID, Int)] = []
    private var items: [ItemID] = []
    private var spokenItems: [ItemID] = []
    private var responses: [ResponseID] = []
    private var calls: [FunctionCallID] = [FunctionCallID("call_none")]
    private var attached: Set<Int> = [0]
    /// Whose sessions are for, the client that comes back among them.
    private var principal = 0
    private var isHeld = false
    private var nextTransport = 1
    private var names = 0
    /// How slow the recogniser is: it answers once in so many chances.
    private let slowness: Int
    /// How often samples are reported as played.
    private let pace: Int
    /// Virtual time since the start.
    private(set) var elapsed = Duration.zero

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        toolRandom = SeededGenerator(seed: ~seed)
        kind = random.one(in: 2) ? .peer : .webSocket
        if seed % 5 == 1 { offer = ResumeOffer(token: "token", grace: .seconds(20)) }
        slowness = 1 + random.below(4) * 4
        pace = 1 + random.below(4) * 4
        var configuration = SessionConfiguration(kind: random.one(in: 12) ? .transcription : .realtime, model: "m")
        configuration.outputModality = random.one(in: 4) ? .text : .audio
        if random.one(in: 2) {
            let model = random.one(in: 2) ? "whisper-1" : "gpt-4o-transcribe"
            configuration.input.transcription = TranscriptionConfiguration(model: model)
        }
        configuration.input.turnDetection = Self.detection(&random)
        var engine = EngineLimits(
            contextTokens: 32_000, maxOutputTokens: 4_000, acceptsImages: false,
            scoresTurns: random.one(in: 2), prepares: random.one(in: 2),
            recognisesEarly: random.one(in: 2), speculates: random.one(in: 5))
        if engine.speculates {
            // What it takes besides.
            (engine.scoresTurns, engine.recognisesEarly) = (true, true)
            configuration.input.turnDetection = .semantic(SemanticVAD(eagerness: .auto))
        }
        if random.one(in: 8) { (engine.contextTokens, engine.maxOutputTokens) = (120, 40) }
        if random.one(in: 8) { configuration.truncation = .disabled }
        settings = SessionMachineConfiguration(
            session: SessionID("sess_world"), conversation: ConversationID("conv_world"), initial: configuration,
            engine: engine, maxDuration: random.one(in: 6) ? .seconds(60) : nil, startedAt: 0, seed: seed,
            rateLimit: nil)
        if seed % 4 == 2, let url = ServerURL("https://tools.example/mcp") {
            settings.toolServers.entries = [.init(server: MCPServer(label: "tools", url: url))]
            var tool = MCPTool(label: "tools")
            tool.approval = toolRandom.one(in: 2) ? .never : nil
            settings.initial.servers = [tool]
        }
        if seed % 8 == 6 {
            settings.spending = SpendingLimits(
                prices: PriceTable(input: .init(text: 1), cached: .init(), output: .init(text: 10, audio: 10)),
                session: toolRandom.one(in: 2) ? Money(nanos: 2_000_000) : nil, currency: "USD",
                words: toolRandom.one(in: 2) ? "That is all I can afford." : "")
        }
        if random.one(in: 2) { settings.apology = "Sorry, I lost my thread." }
    }

    private static func detection(_ random: inout SeededGenerator) -> TurnDetection? {
        switch random.below(5) {
        case 0: return nil
        case 1:
            var vad = SemanticVAD(eagerness: random.pick([.low, .high, .auto]) ?? .auto)
            vad.interruptResponse = !random.one(in: 4)
            return .semantic(vad)
        default:
            var vad = ServerVAD(silenceDurationMs: random.pick([0, 200, 500]) ?? 500)
            vad.createResponse = !random.one(in: 4)
            vad.interruptResponse = !random.one(in: 4)
            if random.one(in: 3) { vad.idleTimeoutMs = 5_000 }
            return .server(vad)
        }
    }

    // MARK: What the machine wants done

    mutating func take(_ effects: [SessionEffect]) {
        for effect in effects {
            switch effect {
            case .startResponse(let generation, _), .speculate(let generation, _):
                work[generation] = Work()
                lastGeneration = max(lastGeneration, generation.rawValue)
            case .speak(let generation, let request):
                work[generation]?.clauses.append((request.clause, request.text, 1 + random.below(2)))
            case .cancel(let generation): work[generation]?.isOver = true
            case .hold: isHeld = true
            case .replay: isHeld = false
            case .giveUp(let generation, .languageModel): work[generation]?.isModelDone = true
            case .giveUp(let generation, .voice): work[generation]?.clauses = []
            case .discardAudio(let generation): work[generation]?.delivered = 0
            case .deliver(let generation, _, let part, _):
                if spokenItems.last != part.item.item { spokenItems.append(part.item.item) }
                _ = generation
            case .transcribe(let request): transcriptions.append((request.item, request.contentIndex))
            case .cancelTranscription(let item): transcriptions.removeAll { $0.0 == item }
            case .scoreTurn(let range, _, _): scored.append(range.upperBound)
            case .recognise(let request, _): questions.append(request)
            case .listTools(let item, _): listings.append(item)
            case .callTool(let item, _, _, _): toolCalls.append(item)
            case .cancelTool(let item):
                listings.removeAll { $0 == item }
                toolCalls.removeAll { $0 == item }
            case .emit(let event, _): see(event)
            default: break
            }
        }
    }

    private mutating func see(_ event: ServerEvent) {
        switch event {
        case .conversationItemAdded(let item, _):
            items.append(item.id)
            if case .functionCall(let call) = item.body { calls.append(call.callID) }
            if case .mcp(.approvalRequest) = item.body { approvals.append(item.id) }
        case .conversationItemDeleted(let id): if random.one(in: 2) { items.removeAll { $0 == id } }
        case .responseCreated(let response): responses.append(response.id)
        default: break
        }
    }

    // MARK: What happens next

    /// One thing that happens: usually one input, several for a stretch of speech or silence.
    mutating func next() -> [SessionInput] {
        elapsed += .milliseconds(random.below(200))
        if !settings.toolServers.entries.isEmpty, toolRandom.one(in: 4) { return tools() }
        if settings.engine.speculates, random.one(in: 8) { return pause() }
        if let offer, random.one(in: 10) { return lose(offer) }
        if !random.one(in: 3), let inputs = progress() { return inputs }
        switch random.below(42) {
        case 0..<20: return [.client(event(), from: client())]
        case 20..<27: return windows()
        case 27: return hear()
        case 28, 29: return model()
        case 30, 31: return voice()
        case 32..<35: return play()
        case 35: return [.turnScore(Double(random.below(11)) / 10, at: random.pick(scored) ?? position)]
        case 36:
            position = position.advanced(byMs: random.pick([10, 60, 200, 1_000]) ?? 0)
            return [.audio(until: position)]
        case 37: return transport()
        case 38:
            return random.one(in: 2)
                ? stray() : [.rejected(ProtocolError(code: "invalid_json", "Not JSON."), from: client())]
        case 39:
            elapsed += .milliseconds(random.pick([0, 2_000, 6_000]) ?? 0)
            return [.deadline]
        default: return stray()
        }
    }

    /// Something of the engine at the wrong time: late, or about what is not there.
    private mutating func stray() -> [SessionInput] {
        let generation = generation { _ in true }
        let item = random.pick(items) ?? ItemID("item_none")
        let failure = EngineFailure(code: "stray", message: "m")
        switch random.below(8) {
        case 0:
            // Never one that is being spoken: a voice says that a clause is over when it is.
            let clause = random.below(3)
            let isPending = work[generation]?.clauses.contains { $0.number == clause } == true
            return [.clauseSpoken(generation, clause: isPending ? 99 : clause)]
        case 1: return [.speechFailed(generation, failure)]
        case 2: return [.transcriptDelta(item, contentIndex: 0, "late")]
        case 6: return recognise()
        case 3: return [.transcriptionFailed(item, contentIndex: 0, failure)]
        case 4: return [.speech(generation, SpeechChunk(number: 0, clause: random.below(3), samples: -5, words: []))]
        case 5: return [.played(generation, samples: .max)]
        default: return [.model(generation, .text("Late."))]
        }
    }

    /// What the engine and the playout have to do goes on, mostly.
    private mutating func progress() -> [SessionInput]? {
        let running = work.values.filter { !$0.isOver }
        var choices: [Int] = []
        if !transcriptions.isEmpty, random.one(in: slowness) { choices.append(0) }
        if !questions.isEmpty, random.one(in: slowness) { choices.append(4) }
        if settings.engine.speculates, !scored.isEmpty { choices.append(5) }
        if running.contains(where: { !$0.isModelDone }) { choices.append(1) }
        if !isHeld, running.contains(where: { !$0.clauses.isEmpty }) { choices += [2, 2] }
        if kind == .peer, !isHeld, random.one(in: pace), work.values.contains(where: { $0.delivered > $0.played }) {
            choices.append(3)
        }
        switch random.pick(choices) {
        case 0?: return hear()
        case 1?: return model()
        case 2?: return voice()
        case 3?: return play()
        case 4?: return recognise()
        case 5?: return [.turnScore(Double(random.below(11)) / 10, at: scored.popLast() ?? position)]
        default: return nil
        }
    }

    private mutating func client() -> TransportID {
        TransportID(rawValue: random.one(in: 50) ? 99 : random.pick(attached.sorted()) ?? 0)
    }

    private mutating func transport() -> [SessionInput] {
        if random.one(in: 3), attached.count > 1, let sideband = attached.subtracting([principal]).sorted().first {
            attached.remove(sideband)
            return [.detached(TransportID(rawValue: sideband), .goodbye)]
        }
        if random.one(in: 60) {
            attached.remove(principal)
            return [.detached(TransportID(rawValue: principal), random.pick([.goodbye, .lost, .overrun]) ?? .lost)]
        }
        guard attached.count < 4 else { return [.detached(TransportID(rawValue: 98), .lost)] }
        attached.insert(nextTransport)
        nextTransport += 1
        return [.attached(TransportID(rawValue: nextTransport - 1), random.one(in: 6) ? .webSocket : .sideband)]
    }

    /// Its client is lost, or comes back: by the same way or another, and now and then though nobody misses it.
    private mutating func lose(_ offer: ResumeOffer) -> [SessionInput] {
        if !isHeld, random.one(in: 3) {
            attached.remove(principal)
            return [.detached(TransportID(rawValue: principal), .lost)]
        }
        let id = nextTransport
        nextTransport += 1
        let way: TransportKind = random.one(in: 3) ? .webSocket : random.one(in: 2) ? .peer : kind
        if isHeld {
            principal = id
            attached.insert(id)
            kind = way
        }
        var offer = offer
        offer.replay = .init(events: 0, isComplete: random.one(in: 2))
        return [.resumed(TransportID(rawValue: id), way, offer)]
    }

    private mutating func windows() -> [SessionInput] {
        let probability: Double = random.pick([0.02, 0.02, 0.4, 0.95, 0.95]) ?? 0
        return (0...random.below(20)).map { _ in
            position = position.advanced(byMs: 32)
            return .voice(probability: probability, at: position)
        }
    }

    /// Some speech, and a pause long enough to ask whether that was all.
    private mutating func pause() -> [SessionInput] {
        (0..<18).map { index in
            position = position.advanced(byMs: 32)
            return .voice(probability: index < 10 ? 0.95 : 0.02, at: position)
        }
    }

    private mutating func hear() -> [SessionInput] {
        guard let index = transcriptions.indices.randomElement(using: &random), !random.one(in: 20) else {
            let item = random.pick(items) ?? ItemID("item_none")
            return [.transcribed(item, contentIndex: 0, "unasked", .duration(seconds: 1))]
        }
        let (item, content) = transcriptions[index]
        if random.one(in: 3) { return [.transcriptDelta(item, contentIndex: content, "he")] }
        transcriptions.remove(at: index)
        if random.one(in: 5) {
            return [.transcriptionFailed(item, contentIndex: content, EngineFailure(code: "deaf", message: "m"))]
        }
        return [
            .transcribed(
                item, contentIndex: content,
                random.pick(["", "hello", "well I would like tea", "a longer text"]) ?? "", .duration(seconds: 1))
        ]
    }

    /// The recogniser says what it hears of a turn so far: mostly more of the same.
    private mutating func recognise() -> [SessionInput] {
        let request = random.one(in: 20) ? questions.randomElement(using: &random) : questions.popLast()
        guard let request else { return [.recognised(ItemID("item_none"), until: position, "unasked")] }
        let words = ["well", "I", "would", "like", "to", "know"].prefix(1 + random.below(6)).joined(separator: " ")
        let text = random.pick([words, words, words, "Will I know", "", nil]) ?? nil
        return [.recognised(request.item, until: request.range.upperBound, text)]
    }

    /// One at work mostly; one that is over, or was never there, now and then.
    private mutating func generation(_ wanted: (Work) -> Bool) -> ResponseGeneration {
        let busy = work.filter { wanted($0.value) }.keys.sorted()
        guard !random.one(in: 15), let generation = random.pick(busy) else {
            return ResponseGeneration(rawValue: 1 + UInt64(random.below(Int(lastGeneration) + 1)))
        }
        return generation
    }

    private mutating func model() -> [SessionInput] {
        let generation = generation { !$0.isModelDone && !$0.isOver }
        let output: ModelOutput
        switch random.below(14) {
        case 0..<6:
            output = .text(
                random.pick(["Hello there. ", "one two three ", "Well, yes indeed, ", "and so on. It goes on.", " "])
                    ?? "")
        case 6: output = .messageEnd
        case 7: output = .functionCall(random.one(in: 2) ? nil : FunctionCallID("call_\(names)"), name: "weather")
        case 8: output = .arguments(random.one(in: 8) ? #"{"a":"# : #"{"a":1}"#)
        case 9: output = .functionCallEnd
        default:
            work[generation]?.isModelDone = true
            let reason: ModelEnd.Reason = random.pick([.stop, .stop, .stop, .maxOutputTokens, .contentFilter]) ?? .stop
            if random.one(in: 8) {
                return [.modelEnded(generation, .failed(EngineFailure(code: "broken", message: "m")))]
            }
            let usage = random.one(in: 2) ? ModelUsage(inputTokens: 50, cachedTokens: 20, outputTokens: 9) : nil
            return [.modelEnded(generation, .finished(reason, usage: usage))]
        }
        names += 1
        return [.model(generation, output)]
    }

    private mutating func voice() -> [SessionInput] {
        let generation = generation { !$0.clauses.isEmpty && !$0.isOver }
        if random.one(in: 60) {
            return [.speechFailed(generation, EngineFailure(code: "mute", message: "m"))]
        }
        guard var state = work[generation], let clause = state.clauses.first else {
            return [.speech(generation, SpeechChunk(number: 0, clause: 0, samples: 2_400, words: []))]
        }
        defer { work[generation] = state }
        guard clause.blocks > 0 else {
            state.clauses.removeFirst()
            return [.clauseSpoken(generation, clause: clause.number)]
        }
        state.clauses[0].blocks -= 1
        let words = clause.text.split(separator: " ")
        // The words of a clause come with its last block, each 100 ms of it.
        let samples = 2_400 * max(words.count, 1)
        let isLast = clause.blocks == 1
        let timings =
            isLast
            ? words.enumerated().map {
                WordTiming(text: String($1), startMs: $0 * 100, endMs: ($0 + 1) * 100)
            } : []
        state.blocks += 1
        state.delivered += isLast ? samples : 0
        return [
            .speech(
                generation,
                SpeechChunk(
                    number: state.blocks - 1, clause: clause.number, samples: isLast ? samples : 0, words: timings))
        ]
    }

    private mutating func play() -> [SessionInput] {
        let generation = generation { $0.delivered > $0.played }
        guard kind == .peer, var state = work[generation], state.delivered > state.played else {
            return [.played(generation, samples: 480)]
        }
        state.played = min(state.delivered, state.played + (random.pick([480, 4_800, 24_000]) ?? 0))
        work[generation] = state
        return [.played(generation, samples: state.played)]
    }
}

extension World {
    // MARK: Tools of servers

    private mutating func tools() -> [SessionInput] {
        switch toolRandom.below(9) {
        case 8:
            return [
                .allowance(
                    left: Money(nanos: Int64(toolRandom.below(3)) * 1_000_000),
                    renews: .now + .seconds(toolRandom.below(90)))
            ]
        case 0, 1: return list()
        case 2, 3: return [.toolEnded(toolCalls.popLast() ?? known(), outcome())]
        case 4:
            names += 1
            let response = MCPApprovalResponse(
                request: approvals.popLast() ?? known(), approves: !toolRandom.one(in: 3), reason: "so it is")
            let id = toolRandom.one(in: 2) ? nil : ItemID("word_\(names)")
            return [
                .client(
                    ClientEvent(
                        .conversationItemCreate(NewItem(id: id, body: .mcp(.approvalResponse(response))), .end)),
                    from: TransportID(rawValue: 0))
            ]
        case 5: return [.client(ClientEvent(toolEvent()), from: TransportID(rawValue: 0))]
        default:
            let generation = generation { !$0.isModelDone && !$0.isOver }
            let said: [ModelOutput] = [
                .functionCall(nil, name: toolRandom.one(in: 6) ? "weather" : "time"), .arguments(#"{"a":"#),
                .arguments("1}"), .functionCallEnd,
            ]
            return said.prefix(toolRandom.one(in: 6) ? 2 : 4).map { .model(generation, $0) }
        }
    }

    private mutating func list() -> [SessionInput] {
        let item = listings.popLast() ?? known()
        if toolRandom.one(in: 4) { return [.toolListFailed(item, .http(code: 500, message: "m"))] }
        return [
            .toolsListed(
                item, ["time", "weather"].map { MCPListedTool(name: $0, inputSchema: .object(JSONObject())) })
        ]
    }

    private mutating func outcome() -> MCPOutcome {
        toolRandom.one(in: 3) ? .failed(.execution(message: "m")) : .output("noon")
    }

    private mutating func toolEvent() -> ClientEvent.Payload {
        let servers = [
            #"[]"#, #"[{"type": "mcp", "server_label": "tools", "require_approval": "always"}]"#,
            #"[{"type": "mcp", "server_label": "tools", "authorization": "k", "require_approval": "never"}]"#,
            #"[{"type": "mcp", "server_label": "none"}]"#,
        ]
        let text = #"{"tools": "# + (servers.randomElement(using: &toolRandom) ?? "[]") + "}"
        guard case .object(let object)? = try? JSONParser.parse(Array(text.utf8)) else { return .inputAudioBufferClear }
        guard toolRandom.one(in: 2) else { return .sessionUpdate(object) }
        var parameters = ResponseParameters()
        parameters.isOutOfBand = toolRandom.one(in: 3)
        parameters.tools = []
        parameters.servers = [MCPTool(label: toolRandom.one(in: 6) ? "none" : "tools")]
        return .responseCreate(parameters)
    }

    // MARK: Clients

    private mutating func event() -> ClientEvent {
        names += 1
        return ClientEvent(eventID: random.one(in: 3) ? nil : "evt_\(names)", payload())
    }

    private mutating func payload() -> ClientEvent.Payload {
        switch random.below(30) {
        case 0..<5: return .conversationItemCreate(item(), placement())
        case 5..<7: return .conversationItemRetrieve(known())
        case 7..<10:
            let item = random.one(in: 4) ? known() : random.pick(spokenItems) ?? known()
            let endMs = random.pick([0, 50, 100, 250, 700, 1_500, 90_000, -1, .max]) ?? 0
            return .conversationItemTruncate(item, contentIndex: random.one(in: 20) ? 1 : 0, audioEndMs: endMs)
        case 10..<12: return .conversationItemDelete(known())
        case 12..<18: return .responseCreate(parameters())
        case 18..<20:
            return .responseCancel(random.one(in: 2) ? nil : random.pick(responses) ?? ResponseID("resp_none"))
        case 20..<22: return .inputAudioBufferCommit
        case 22: return .inputAudioBufferClear
        case 23: return .outputAudioBufferClear
        case 24: return .inputAudioBufferAppend([0, 0])
        default: return .sessionUpdate(update())
        }
    }

    private mutating func known() -> ItemID {
        random.one(in: 10) ? ItemID("item_none") : random.pick(items) ?? ItemID("item_none")
    }

    private mutating func placement() -> ClientEvent.Placement {
        switch random.below(6) {
        case 0: .beginning
        case 1, 2: .after(known())
        default: .end
        }
    }

    private mutating func item() -> NewItem {
        names += 1
        let id: ItemID? =
            switch random.below(6) {
            case 0: known()
            case 1, 2: ItemID("mine_\(names)")
            default: nil
            }
        let body: Item.Body
        switch random.below(9) {
        case 0: body = .message(Message(role: .system, content: [.inputText("Be kind.")]))
        case 1: body = .message(Message(role: .assistant, content: [.outputText("Earlier.")]))
        case 2:
            body = .message(
                Message(role: .user, content: [.inputAudio(transcript: nil, audio: Array(repeating: 0, count: 9_600))]))
        case 3:
            let call = FunctionCall(callID: FunctionCallID("call_\(names)"), name: "weather", arguments: "{}")
            body = .functionCall(call)
        case 4:
            let call = random.pick(calls) ?? FunctionCallID("call_none")
            body = .functionCallOutput(FunctionCallOutput(callID: call, output: "sunny"))
        case 5:
            body = .message(
                Message(role: .user, content: [.inputImage(url: "data:image/png;base64,AAAA", detail: nil)]))
        default: body = .message(Message(role: .user, content: [.inputText("What is the time in Rome, please?")]))
        }
        return NewItem(id: id, body: body)
    }

    private mutating func parameters() -> ResponseParameters {
        var parameters = ResponseParameters()
        parameters.isOutOfBand = random.one(in: 3)
        if random.one(in: 4) {
            parameters.input = random.one(in: 3) ? [] : [.item(item()), .reference(known())]
        }
        if random.one(in: 3) { parameters.outputModality = random.one(in: 2) ? .text : .audio }
        if random.one(in: 3) { parameters.metadata = JSONObject([("client_event_id", .string("m\(names)"))]) }
        if random.one(in: 5) { parameters.maxOutputTokens = .tokens(100) }
        return parameters
    }

    private mutating func update() -> JSONObject {
        let detections = [
            "null", #"{"type": "server_vad", "interrupt_response": true}"#,
            #"{"type": "server_vad", "interrupt_response": false, "idle_timeout_ms": 5000}"#,
            #"{"type": "semantic_vad", "eagerness": "high"}"#, #"{"threshold": 7}"#,
        ]
        let updates = [
            #"{"instructions": "Be brief."}"#, #"{"audio": {"output": {"voice": "ash"}}}"#,
            #"{"audio": {"output": {"speed": 1.25}}}"#, #"{"audio": {"input": {"transcription": null}}}"#,
            #"{"audio": {"input": {"transcription": {"model": "whisper-1"}}}}"#,
            #"{"audio": {"input": {"transcription": {"model": "gpt-4o-transcribe"}}}}"#,
        ]
        let detection = random.pick(detections) ?? "null"
        let text =
            random.one(in: 2)
            ? #"{"audio": {"input": {"turn_detection": "# + detection + "}}}" : random.pick(updates) ?? "{}"
        guard case .object(let object)? = try? JSONParser.parse(Array(text.utf8)) else { return JSONObject() }
        return object
    }
}
