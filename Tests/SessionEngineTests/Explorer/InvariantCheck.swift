import RealtimeProtocol
import SessionEngine

/// Watches what goes into a machine and what comes out, and says which rules were broken. It knows the contract, and
/// nothing of the machine's inside.
final class InvariantCheck {
    /// An output item as its events describe it.
    struct Output {
        let address: ItemAddress
        let isCall: Bool
        /// Of an MCP server's tool, which may end after its response.
        let isRemote: Bool
        var deltas = ""
        var isPartOpen = false
        var isDone = false
    }

    struct Running {
        let created: Response
        var outputs: [Output] = []
        var isOutOfBand: Bool { created.conversationID == nil }
    }

    /// Whether some client's audio is played by the server, now or ever.
    var hasPeer: Bool { !peers.isEmpty }
    private var hadPeer = false
    /// With one that was lost and may come back.
    private var peers: Set<TransportID> = []
    /// Of the input at hand.
    private var leavingPeer: TransportID?
    private var lostPeer: TransportID?
    private var found: [Violation] = []

    // Of the input being handled.
    private(set) var input = SessionInput.deadline
    private var answers = 0
    private var hadListeners = true

    var configuration: SessionConfiguration?
    private var attached: Set<TransportID> = []
    private var closedTransports: Set<TransportID> = []
    private(set) var isClosed = false

    var running: [ResponseID: Running] = [:]
    private var finished: Set<ResponseID> = []
    /// Calls of servers' tools that ended, or have not, when their response was done.
    var beyond: [ItemID: (response: ResponseID, output: Output)] = [:]
    private var listing: Set<ItemID> = []
    private var calling: Set<ItemID> = []
    private var requestedMetadata: [JSONObject?] = []
    private var lastDoneUsage: Usage?

    /// The conversation as clients can know it.
    var order: [ItemID] = []
    private var everAdded: Set<ItemID> = []
    private var expectedAfterCommit: [ItemID] = []
    private var turn: ItemID?
    private var transcriptions: [ItemID: Bool] = [:]
    private var transcribing: Set<ItemID> = []
    private var toldOf: [ItemID: String] = [:]
    /// Answers that were begun ahead and not settled.
    private var foreseen: Set<ResponseGeneration> = []
    private var hasTimedOut = false

    var speech = SpeechRecord()

    func report(_ rule: Violation.Rule, _ detail: @autoclosure () -> String) {
        found.append(Violation(rule, detail()))
    }

    func expect(_ holds: Bool, _ rule: Violation.Rule, _ detail: @autoclosure () -> String) {
        if !holds { found.append(Violation(rule, detail())) }
    }

    /// The rules that one input and its effects break.
    func observe(_ input: SessionInput, _ effects: [SessionEffect]) -> [Violation] {
        self.input = input
        found = []
        answers = 0
        if isClosed { expect(effects.isEmpty, .closedOnce, "\(effects.count) effects after closed") }
        let wasActive = running.values.first { !$0.isOutOfBand }
        note(input)
        hadListeners = !attached.isEmpty
        if isOfForeseen(input) {
            expect(effects.allSatisfy(\.isUnheard), .speculationLeavesNoTrace, "\(effects) of what nobody waits for")
        }
        for effect in effects { check(effect) }
        checkAnswer()
        checkInterruption(wasActive, effects)
        expect(expectedAfterCommit.isEmpty, .committedItemFollowsAtOnce, "the committed item did not follow")
        expect(lastDoneUsage == nil, .usageIsAccounted, "usage was not accounted")
        expectedAfterCommit = []
        return found
    }

    private func note(_ input: SessionInput) {
        speech.forgetBlock()
        switch input {
        case .attached(let transport, let kind, _), .resumed(let transport, let kind, _):
            attached.insert(transport)
            if kind == .peer { peers.insert(transport) }
            hadPeer = hadPeer || kind == .peer
        case .detached(let transport, _, _):
            attached.remove(transport)
            leavingPeer = peers.remove(transport)
        case .played(let generation, let samples): speech.played(generation, samples)
        case .transcribed(let item, _, _, _), .transcriptionFailed(let item, _, _): transcribing.remove(item)
        case .client(let event, _): if event.payload.isOfUser { hasTimedOut = false }
        case .speech(let generation, let chunk): speech.spoke(generation, chunk)
        default: break
        }
    }

    private func check(_ effect: SessionEffect) {
        if isClosed { report(.closedOnce, "\(effect) after closed") }
        switch effect {
        case .emit(let event, let audience): check(event, audience)
        case .hold:
            lostPeer = leavingPeer
            if let lostPeer { peers.insert(lostPeer) }
        case .replay:
            if let lostPeer { peers.remove(lostPeer) } else { speech.isOfClient() }
        case .sayAgain(let generation, let heard, _): speech.sayAgain(generation, after: heard)
        case .emitRetrieved(let item, let transport):
            if isFromClient(transport) { answers += 1 }
            checkHistory([item])
        case .prepare(let request):
            expect(running.isEmpty || !hadListeners, .readingAheadYields, "during \(running.count) responses")
            checkHistory(request.items)
        case .startResponse(let generation, let request):
            expect(
                speech.start(generation), .noWorkAfterCancel, "g\(generation.rawValue) started twice or after cancel")
            checkHistory(request.items)
            expect(
                request.items.allSatisfy { !transcribing.contains($0.id) }, .responseWaitsForTranscripts,
                "g\(generation.rawValue) starts too early")
        case .transcribe(let request): transcribing.insert(request.item)
        case .cancelTranscription(let item): transcribing.remove(item)
        case .speculate(let generation, let request):
            expect(speech.start(generation), .noWorkAfterCancel, "g\(generation.rawValue) started twice")
            expect(running.isEmpty || !hadListeners, .speculationLeavesNoTrace, "during \(running.count) responses")
            foreseen.insert(generation)
            checkHistory(request.items)
        case .settleSpeculation(let generation, let outcome):
            expect(foreseen.remove(generation) != nil, .speculationLeavesNoTrace, "\(outcome) twice")
            let isResponse = running.values.contains { !$0.isOutOfBand }
            expect(
                outcome == .discarded || isResponse || !hadListeners, .speculationLeavesNoTrace, "used by no response")
        case .speak(let generation, let request):
            expect(!foreseen.contains(generation), .speculationLeavesNoTrace, "g\(generation.rawValue) speaks ahead")
            expect(speech.speak(generation, request), .noWorkAfterCancel, "g\(generation.rawValue) speaks after cancel")
        case .deliver(let generation, _, let part, _):
            expect(
                speech.deliver(generation, part), .noWorkAfterCancel, "g\(generation.rawValue) delivers after cancel")
            let output = running[part.item.response]?.outputs.first { $0.address == part.item }
            expect(output?.isPartOpen == true, .everyAddedIsDone, "audio outside of its part")
        case .cancel(let generation): speech.cancel(generation)
        case .discardAudio(let generation): speech.discard(generation)
        case .account(let usage):
            expect(
                usage == lastDoneUsage || !hadListeners, .usageIsAccounted,
                "accounted \(usage), told \(String(describing: lastDoneUsage))")
            lastDoneUsage = nil
        case .listTools(let item, _):
            expect(listing.insert(item).inserted, .toolsRunOnce, "\(item.rawValue) listed twice")
        case .callTool(let item, _, _, let arguments):
            expect(calling.insert(item).inserted, .toolsRunOnce, "\(item.rawValue) called twice")
            if case .object? = try? JSONParser.parse(Array(arguments.utf8)) {
            } else {
                expect(arguments.isEmpty, .toolsRunOnce, "arguments '\(arguments)'")
            }
        case .close(let transport, _):
            expect(
                closedTransports.insert(transport).inserted, .closedOnce, "transport \(transport.rawValue) closed twice"
            )
            attached.remove(transport)
            peers.remove(transport)
        case .closed:
            isClosed = true
            // Nobody was left to be told.
            expect(running.isEmpty || !hadListeners, .oneDonePerResponse, "\(running.count) responses never done")
            expect(attached.isEmpty, .closedOnce, "\(attached.count) transports left open")
        default: break
        }
    }

    private func isOfForeseen(_ input: SessionInput) -> Bool {
        switch input {
        case .model(let generation, _), .modelEnded(let generation, _): foreseen.contains(generation)
        default: false
        }
    }

    private func isFromClient(_ transport: TransportID) -> Bool {
        if case .client(_, from: transport) = input { true } else { false }
    }

    private func check(_ event: ServerEvent, _ audience: SessionEffect.Audience) {
        checkCommit(event)
        switch audience {
        case .everyone: answers += 1
        case .only(let transport): if isFromClient(transport) { answers += 1 }
        case .allOf: answers += 1
        }
        switch event {
        case .error(let error): check(error, audience)
        case .sessionCreated(let session, _): configuration = session.configuration
        case .sessionUpdated(let session):
            expect(
                session.configuration.output.voice == configuration?.output.voice || !speech.hasAudio, .voiceIsLocked,
                "voice changed to \(session.configuration.output.voice)")
            configuration = session.configuration
        case .conversationItemAdded, .conversationItemDone, .conversationItemDeleted, .inputAudioBufferCommitted,
            .conversationItemTruncated:
            checkConversation(event)
        case .inputAudioBufferSpeechStarted(let id, _):
            expect(turn == nil, .turnKeepsItsName, "a turn starts in a turn")
            turn = id
            hasTimedOut = false
        case .inputAudioBufferTimeoutTriggered:
            expect(!hasTimedOut, .timeoutFiresOnce, "again, and nobody has spoken")
            hasTimedOut = true
        case .inputAudioBufferSpeechStopped(let id, _):
            expect(turn == id, .turnKeepsItsName, "speech_stopped of \(id.rawValue)")
        case .inputAudioBufferCleared: turn = nil
        case .inputAudioTranscriptionDelta(let id, let index, let text):
            expect(transcriptions[id] != true, .transcriptionEndsOnce, "a delta of \(id.rawValue) after its end")
            expect(everAdded.contains(id) || turn == id, .transcriptionEndsOnce, "a delta of an item not added")
            if index == 0 { toldOf[id, default: ""] += text }
        case .inputAudioTranscriptionCompleted(let id, _, _, _), .inputAudioTranscriptionFailed(let id, _, _):
            if case .inputAudioTranscriptionCompleted(_, 0, let text, _) = event {
                expect(toldOf[id] ?? "" == text, .doneIsSumOfDeltas, "'\(text)' for '\(toldOf[id] ?? "")'")
            }
            expect(
                transcriptions.updateValue(true, forKey: id) == nil, .transcriptionEndsOnce, "twice for \(id.rawValue)")
            expect(everAdded.contains(id), .transcriptionEndsOnce, "of an item not added")
        case .outputAudioBufferStarted, .outputAudioBufferStopped, .outputAudioBufferCleared:
            expect(audience == .allOf(.peer) && hadPeer, .outputBufferEventsInOrder, "sent to \(audience)")
            checkOutputBuffer(event)
        default: checkResponse(event)
        }
    }

    private func check(_ error: ProtocolError, _ audience: SessionEffect.Audience) {
        guard case .client(let event, let transport) = input else { return }
        expect(
            audience == .only(transport) && error.eventID == event.eventID, .clientEventIsAnswered,
            "error \(error.code ?? "-") to \(audience) for event \(error.eventID ?? "-")")
    }

    private func checkAnswer() {
        guard case .client(let event, let transport) = input, attached.contains(transport), !isClosed else { return }
        if case .inputAudioBufferAppend = event.payload { return }
        expect(answers > 0, .clientEventIsAnswered, "\(event.payload) got no answer")
    }

    /// 4.4-7.
    private func checkInterruption(_ before: Running?, _ effects: [SessionEffect]) {
        let events = effects.compactMap { if case .emit(let event, _) = $0 { event } else { nil } }
        let started = events.firstIndex { if case .inputAudioBufferSpeechStarted = $0 { true } else { false } }
        let cancelled = events.firstIndex {
            if case .responseDone(let done) = $0 { done.status == .cancelled(.turnDetected) } else { false }
        }
        if let cancelled {
            expect(started.map { $0 < cancelled } == true, .interruptionEndsTheResponse, "turn_detected without speech")
        }
        // One that had failed already and was only saying so ends as failed.
        let failed = events.contains { if case .responseDone(let done) = $0 { done.status.isFailure } else { false } }
        let interrupts = configuration?.input.turnDetection?.interruptsResponse == true
        guard started != nil, before != nil, configuration?.kind == .realtime else { return }
        expect((cancelled != nil || failed) == interrupts, .interruptionEndsTheResponse, "speech during a response")
    }

    // MARK: Conversation

    private func checkCommit(_ event: ServerEvent) {
        guard let id = expectedAfterCommit.first else { return }
        switch event {
        case .conversationItemAdded(let item, _) where item.id == id && expectedAfterCommit.count == 2,
            .conversationItemDone(let item, _) where item.id == id && expectedAfterCommit.count == 1:
            expectedAfterCommit.removeFirst()
        default: report(.committedItemFollowsAtOnce, "\(id.rawValue) was not followed by its item")
        }
    }

    private func checkConversation(_ event: ServerEvent) {
        switch event {
        case .inputAudioBufferCommitted(let id, let previous):
            expect(turn == nil || turn == id, .turnKeepsItsName, "committed as \(id.rawValue)")
            turn = nil
            expect(previous == order.last, .previousItemIsReal, "committed after \(previous?.rawValue ?? "-")")
            expectedAfterCommit = [id, id]
        case .conversationItemAdded(let item, let previous): added(item, after: previous)
        case .conversationItemDone(let item, let previous):
            let index = order.firstIndex(of: item.id)
            expect(index != nil, .everyAddedIsDone, "\(item.id.rawValue) done, not there")
            if let index {
                expect(
                    previous == (index > 0 ? order[index - 1] : nil), .previousItemIsReal,
                    "done after \(previous?.rawValue ?? "-")")
            }
            checkDone(item)
        case .conversationItemDeleted(let id):
            order.removeAll { $0 == id }
            everAdded.remove(id)
            transcriptions[id] = nil
            toldOf[id] = nil
        case .conversationItemTruncated(let id, _, let endMs):
            // On a peer our own truncation is at what was played; a client's may be anywhere before the end.
            if hasPeer, !isTruncation(input), let heard = speech.heardMs(id) {
                expect(endMs == heard, .unheardWordsAreForgotten, "cut at \(endMs)ms, played \(heard)ms")
            }
            speech.truncated(id, endMs)
        default: break
        }
    }

    private func isTruncation(_ input: SessionInput) -> Bool {
        if case .client(let event, _) = input, case .conversationItemTruncate = event.payload { true } else { false }
    }

    private func added(_ item: Item, after previous: ItemID?) {
        expect(everAdded.insert(item.id).inserted, .namesAreUnique, "item \(item.id.rawValue) again")
        let expected: ItemID? =
            if case .client(let event, _) = input, case .conversationItemCreate(_, let placement) = event.payload {
                switch placement {
                case .end: order.last
                case .beginning: nil
                case .after(let id): id
                }
            } else { order.last }
        expect(previous == expected, .previousItemIsReal, "\(item.id.rawValue) after \(previous?.rawValue ?? "-")")
        let index = previous.flatMap { order.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        order.insert(item.id, at: index)
        let writer = running.values.first { $0.outputs.contains { $0.address.item == item.id } }
        expect(writer?.isOutOfBand != true, .oneWriterOfTheConversation, "an out-of-band item was added")
    }

    /// What a model is asked, or a client retrieves: never words that nobody heard.
    private func checkHistory(_ items: [Item]) {
        for item in items {
            guard case .message(let message) = item.body, message.role == .assistant,
                case .outputAudio(let transcript?, _)? = message.content.first
            else { continue }
            if let problem = speech.problem(with: transcript, of: item.id) {
                report(.unheardWordsAreForgotten, problem)
            }
        }
    }

    // MARK: Responses

    func createdResponse(_ response: Response) {
        expect(
            running[response.id] == nil && !finished.contains(response.id), .namesAreUnique,
            "\(response.id.rawValue) again")
        if response.conversationID != nil {
            let others = running.values.filter { !$0.isOutOfBand }
            expect(others.isEmpty, .oneWriterOfTheConversation, "two responses in the conversation")
        }
        if case .client(let event, _) = input, case .responseCreate(let parameters) = event.payload {
            expect(response.metadata == parameters.metadata, .metadataIsEchoed, "in response.created")
        }
        running[response.id] = Running(created: response)
    }

    func doneResponse(_ response: Response) {
        guard let run = running.removeValue(forKey: response.id) else {
            return report(.oneDonePerResponse, "\(response.id.rawValue) done, not running")
        }
        finished.insert(response.id)
        expect(response.metadata == run.created.metadata, .metadataIsEchoed, "in response.done")
        expect(
            run.outputs.allSatisfy { $0.isDone || $0.isRemote }, .everyAddedIsDone,
            "an item of \(response.id.rawValue) is not done")
        for output in run.outputs where !output.isDone { beyond[output.address.item] = (response.id, output) }
        expect(
            response.output.map(\.id) == run.outputs.map(\.address.item), .everyAddedIsDone, "items of response.done")
        for item in response.output { checkDone(item, run) }
        if response.status == .completed {
            expect(
                response.output.allSatisfy { $0.status == .completed }, .everyAddedIsDone, "an item is not completed")
        }
        lastDoneUsage = response.usage
        expect(response.usage != nil, .usageIsAccounted, "no usage")
    }

    /// A finished item says what its deltas said.
    private func checkDone(_ item: Item, _ run: Running? = nil) {
        let runs = run.map { [$0] } ?? Array(running.values)
        guard let output = runs.flatMap(\.outputs).first(where: { $0.address.item == item.id }) else { return }
        expect(item.saidText == output.deltas, .doneIsSumOfDeltas, "\(item.id.rawValue): \(item.saidText)")
    }

    func doneItem(_ response: ResponseID, _ item: Item) { checkDone(item, running[response]) }
}

extension SessionEffect {
    /// What clients, and the accounts, know nothing of.
    fileprivate var isUnheard: Bool {
        switch self {
        case .settleSpeculation(_, .discarded), .cancel, .prepare: true
        default: false
        }
    }
}

extension ClientEvent.Payload {
    /// Whether the user did something by it, so that a quiet period ends.
    fileprivate var isOfUser: Bool {
        switch self {
        case .inputAudioBufferCommit, .conversationItemCreate: true
        default: false
        }
    }
}

extension Item {
    /// What the model said in it.
    var saidText: String {
        switch body {
        case .message(let message):
            switch message.content.first {
            case .outputText(let text)?: text
            case .outputAudio(let transcript, _)?: transcript ?? ""
            default: ""
            }
        case .functionCall(let call): call.arguments
        case .mcp(.call(let call)): call.arguments
        case .functionCallOutput, .mcp: ""
        }
    }
}

extension Response.Status {
    fileprivate var isFailure: Bool {
        if case .failed = self { true } else { false }
    }
}
