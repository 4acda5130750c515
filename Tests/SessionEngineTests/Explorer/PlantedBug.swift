import RealtimeProtocol
import SessionEngine

/// Mistakes a machine could make, put between it and those who watch: each must be found, under its rule.
enum PlantedBug: String, CaseIterable {
    case contentPartDoneIsDropped
    case responseDoneIsSentTwice
    case committedAndAddedAreSwapped
    case doneSaysMoreThanWasSent
    case previousItemIsForgotten
    case metadataIsLost
    case unheardWordsAreKept
    case staleGenerationIsPlayed
    case turnIsRenamed
    case errorIsSwallowed
    case errorGoesToEveryone
    case asideIsAddedToTheConversation
    case transcriptIsCompletedTwice
    case bufferStopsAtOnce
    case transcriptRunsAhead
    case speechDoesNotInterrupt
    case usageIsMiscounted
    case workGoesOnAfterTheEnd
    case voiceChangesAfterAudio
    case responseIsCreatedTwice
    case modelIsAskedTooEarly
    case timeoutFiresAgain
    case modelReadsAheadWhileItAnswers
    case answerIsSpokenAhead
    case discardedAnswerIsAccounted
    case toolIsCalledAgain

    var rule: Violation.Rule {
        switch self {
        case .contentPartDoneIsDropped: .everyAddedIsDone
        case .responseDoneIsSentTwice: .oneDonePerResponse
        case .committedAndAddedAreSwapped: .committedItemFollowsAtOnce
        case .doneSaysMoreThanWasSent: .doneIsSumOfDeltas
        case .previousItemIsForgotten: .previousItemIsReal
        case .metadataIsLost: .metadataIsEchoed
        case .unheardWordsAreKept: .unheardWordsAreForgotten
        case .staleGenerationIsPlayed: .noWorkAfterCancel
        case .turnIsRenamed: .turnKeepsItsName
        case .errorIsSwallowed, .errorGoesToEveryone: .clientEventIsAnswered
        case .asideIsAddedToTheConversation: .oneWriterOfTheConversation
        case .transcriptIsCompletedTwice: .transcriptionEndsOnce
        case .bufferStopsAtOnce: .outputBufferEventsInOrder
        case .transcriptRunsAhead: .transcriptLeadsByOneClause
        case .speechDoesNotInterrupt: .interruptionEndsTheResponse
        case .usageIsMiscounted: .usageIsAccounted
        case .workGoesOnAfterTheEnd: .closedOnce
        case .voiceChangesAfterAudio: .voiceIsLocked
        case .responseIsCreatedTwice: .namesAreUnique
        case .modelIsAskedTooEarly: .responseWaitsForTranscripts
        case .timeoutFiresAgain: .timeoutFiresOnce
        case .modelReadsAheadWhileItAnswers: .readingAheadYields
        case .toolIsCalledAgain: .toolsRunOnce
        case .answerIsSpokenAhead, .discardedAnswerIsAccounted: .speculationLeavesNoTrace
        }
    }

    /// The mistake, for one session.
    var fault: Exploration.Fault {
        switch self {
        case .unheardWordsAreKept: Self.keepUnheard()
        case .staleGenerationIsPlayed: Self.playStale()
        case .transcriptRunsAhead: Self.runAhead()
        case .modelIsAskedTooEarly: Self.askEarly()
        case .discardedAnswerIsAccounted: Self.accountAhead()
        default: { input, effects in effects.flatMap { self.spoil($0, input) } }
        }
    }

    /// Mistakes that need no memory.
    private func spoil(_ effect: SessionEffect, _ input: SessionInput) -> [SessionEffect] {
        switch (self, effect) {
        case (.contentPartDoneIsDropped, .emit(.contentPartDone, _)): []
        case (.responseDoneIsSentTwice, .emit(.responseDone, _)), (.toolIsCalledAgain, .callTool): [effect, effect]
        case (.committedAndAddedAreSwapped, .emit(.inputAudioBufferCommitted, _)):
            [effect, .emit(.inputAudioBufferCleared, to: .everyone)]
        case (.doneSaysMoreThanWasSent, .emit(.outputAudioTranscriptDone(let part, let text), let audience)):
            [.emit(.outputAudioTranscriptDone(part, text + " and more"), to: audience)]
        case (.previousItemIsForgotten, .emit(.conversationItemAdded(let item, _), let audience)):
            [.emit(.conversationItemAdded(item, previousItemID: nil), to: audience)]
        case (.metadataIsLost, .emit(.responseDone(var response), let audience)):
            {
                response.metadata = nil
                return [.emit(.responseDone(response), to: audience)]
            }()
        case (.turnIsRenamed, .emit(.inputAudioBufferSpeechStopped(_, let ms), let audience)):
            [.emit(.inputAudioBufferSpeechStopped(ItemID("item_other"), audioEndMs: ms), to: audience)]
        case (.errorIsSwallowed, .emit(.error, .only)): []
        case (.errorGoesToEveryone, .emit(let event, .only)): [.emit(event, to: .everyone)]
        case (.asideIsAddedToTheConversation, .emit(.outputItemAdded(_, _, let item), _)):
            [effect, .emit(.conversationItemAdded(item, previousItemID: nil), to: .everyone)]
        case (.transcriptIsCompletedTwice, .emit(.inputAudioTranscriptionCompleted, _)): [effect, effect]
        case (.bufferStopsAtOnce, .emit(.outputAudioBufferStarted(let id), let audience)):
            [effect, .emit(.outputAudioBufferStopped(id), to: audience)]
        case (.speechDoesNotInterrupt, .emit(.responseDone(let response), _))
        where response.status == .cancelled(.turnDetected):
            []
        case (.usageIsMiscounted, .account(var usage)):
            {
                usage.output.text += 1
                return [.account(usage)]
            }()
        case (.workGoesOnAfterTheEnd, .closed): [effect, .discardAudio(ResponseGeneration(rawValue: 1))]
        case (.voiceChangesAfterAudio, .emit(.sessionUpdated(var session), let audience)):
            {
                session.configuration.output.voice = .named("other")
                return [.emit(.sessionUpdated(session), to: audience)]
            }()
        case (.modelReadsAheadWhileItAnswers, .startResponse(_, let request)): [effect, .prepare(request)]
        case (.answerIsSpokenAhead, .speculate(let generation, _)):
            [effect, .speak(generation, SpeechRequest(clause: 0, text: "Well.", voice: .named("ash"), speed: 1))]
        case (.timeoutFiresAgain, .emit(.inputAudioBufferTimeoutTriggered, _)): [effect, effect]
        case (.responseIsCreatedTwice, .emit(.responseCreated, _)): [effect, effect]
        default: [effect]
        }
    }

    /// History holds all that was told, heard or not.
    private static func keepUnheard() -> Exploration.Fault {
        var told: [ItemID: String] = [:]
        func whole(_ item: Item) -> Item {
            guard let text = told[item.id], case .message(var message) = item.body else { return item }
            message.content = [.outputAudio(transcript: text, audio: nil)]
            return Item(id: item.id, status: item.status, body: .message(message))
        }
        return { _, effects in
            effects.map { effect in
                switch effect {
                case .emit(.outputAudioTranscriptDelta(let part, let text, _), _):
                    told[part.item.item, default: ""] += text
                    return effect
                case .startResponse(let generation, var request):
                    request.items = request.items.map(whole)
                    return .startResponse(generation, request)
                case .emitRetrieved(let item, let transport): return .emitRetrieved(whole(item), to: transport)
                default: return effect
                }
            }
        }
    }

    /// The model is asked as soon as the response is created.
    private static func askEarly() -> Exploration.Fault {
        var started: [ItemID: Item] = [:]
        var extra: UInt64 = 1_000
        return { _, effects in
            effects.flatMap { effect -> [SessionEffect] in
                switch effect {
                case .emit(.conversationItemAdded(let item, _), _): started[item.id] = item
                case .transcribe(let request):
                    guard let item = started[request.item] else { return [effect] }
                    extra += 1
                    let early = ModelRequest(
                        instructions: "", items: [item], tools: [], toolChoice: .auto, parallelToolCalls: nil,
                        reasoningEffort: nil, maxOutputTokens: .infinite, outputModality: .text)
                    return [effect, .startResponse(ResponseGeneration(rawValue: extra), early)]
                default: break
                }
                return [effect]
            }
        }
    }

    /// What a model said ahead is accounted at once.
    private static func accountAhead() -> Exploration.Fault {
        var foreseen: Set<ResponseGeneration> = []
        return { input, effects in
            defer {
                for effect in effects {
                    if case .speculate(let generation, _) = effect { foreseen.insert(generation) }
                    if case .settleSpeculation(let generation, _) = effect { foreseen.remove(generation) }
                }
            }
            guard case .modelEnded(let generation, _) = input, foreseen.contains(generation) else { return effects }
            return effects + [.account(Usage())]
        }
    }

    /// Audio of a response that is over goes out all the same.
    private static func playStale() -> Exploration.Fault {
        var parts: [ResponseGeneration: PartAddress] = [:]
        return { input, effects in
            for case .deliver(let generation, _, let part, _) in effects { parts[generation] = part }
            guard effects.isEmpty, case .speech(let generation, let chunk) = input, let part = parts[generation] else {
                return effects
            }
            return [.deliver(generation, chunk: chunk.number, part, .pcm)]
        }
    }

    /// Every clause is told when its audio is made, however far ahead of what is heard.
    private static func runAhead() -> Exploration.Fault {
        var texts: [ResponseGeneration: [Int: String]] = [:]
        var told: [ResponseGeneration: Set<Int>] = [:]
        return { input, effects in
            var seen: [SessionEffect] = []
            for effect in effects {
                switch effect {
                case .speak(let generation, let request): texts[generation, default: [:]][request.clause] = request.text
                case .emit(.outputAudioTranscriptDelta(_, let text, _), _):
                    let generations = texts.filter { $0.value.values.contains(text) }.keys
                    if generations.contains(where: { generation in
                        told[generation, default: []].contains { texts[generation]?[$0] == text }
                    }) {
                        continue
                    }
                case .deliver(let generation, _, let part, _):
                    if case .speech(_, let chunk) = input, let text = texts[generation]?[chunk.clause],
                        told[generation, default: []].insert(chunk.clause).inserted, chunk.clause > 1
                    {
                        seen.append(.emit(.outputAudioTranscriptDelta(part, text, words: []), to: .everyone))
                    }
                default: break
                }
                seen.append(effect)
            }
            return seen
        }
    }
}
