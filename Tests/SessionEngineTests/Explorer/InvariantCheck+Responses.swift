import RealtimeProtocol
import SessionEngine

extension InvariantCheck {
    /// Events of a response: in a running one, in an item that was added and is not done.
    func checkResponse(_ event: ServerEvent) {
        switch event {
        case .responseCreated(let response): createdResponse(response)
        case .responseDone(let response): doneResponse(response)
        case .outputItemAdded(let response, let index, let item):
            guard running[response] != nil else { return report(.oneDonePerResponse, "an item for no response") }
            let address = ItemAddress(response: response, item: item.id, outputIndex: index)
            expect(index == running[response]?.outputs.count, .everyAddedIsDone, "output_index \(index)")
            running[response]?.outputs.append(
                Output(address: address, isCall: item.isCall, isRemote: item.isRemoteCall))
        case .outputItemDone(let response, let index, let item) where beyond[item.id] != nil:
            let late = beyond.removeValue(forKey: item.id)
            expect(
                late?.response == response && late?.output.address.outputIndex == index, .everyAddedIsDone,
                "\(item.id.rawValue) is done elsewhere")
            expect(item.saidText == late?.output.deltas, .doneIsSumOfDeltas, "\(item.id.rawValue): \(item.saidText)")
        case .outputItemDone(let response, let index, let item):
            change(ItemAddress(response: response, item: item.id, outputIndex: index)) {
                self.expect(!$0.isPartOpen && !$0.isDone, .everyAddedIsDone, "item done with its part open, or twice")
                $0.isDone = true
            }
            doneItem(response, item)
        case .contentPartAdded(let part, _): change(part.item) { $0.isPartOpen = true }
        case .contentPartDone(let part, _, let text): checkSum(part.item, text) { $0.isPartOpen = false }
        case .outputTextDelta(let part, let text): change(part.item) { $0.deltas += text }
        case .outputTextDone(let part, let text), .outputAudioTranscriptDone(let part, let text):
            checkSum(part.item, text) { _ in }
        case .outputAudioTranscriptDelta(let part, let text, _):
            change(part.item) { $0.deltas += text }
            if let problem = speech.told(part.item.item, text, onPeer: hasPeer) {
                report(.transcriptLeadsByOneClause, problem)
            }
        case .outputAudioDone(let part):
            change(part.item) { self.expect($0.isPartOpen, .everyAddedIsDone, "audio done outside of its part") }
        case .functionCallArgumentsDelta(let item, _, let text): change(item) { $0.deltas += text }
        case .functionCallArgumentsDone(let item, let call): checkSum(item, call.arguments) { _ in }
        case .mcpCallArgumentsDelta(let item, let text): change(item) { $0.deltas += text }
        case .mcpCallArgumentsDone(let item, let text): checkSum(item, text) { _ in }
        case .mcpCall(_, let item):
            let isKnown =
                beyond[item.item] != nil || running[item.response]?.outputs.contains { $0.address == item } == true
            expect(isKnown, .everyAddedIsDone, "progress of \(item.item.rawValue), which is over")
        default: break
        }
    }

    private func change(_ address: ItemAddress, _ body: (inout Output) -> Void) {
        guard let index = running[address.response]?.outputs.firstIndex(where: { $0.address == address }),
            var output = running[address.response]?.outputs[index]
        else { return report(.oneDonePerResponse, "an event for \(address.item.rawValue), which is not running") }
        if output.isDone { report(.everyAddedIsDone, "an event for \(address.item.rawValue) after its end") }
        body(&output)
        running[address.response]?.outputs[index] = output
    }

    private func checkSum(_ address: ItemAddress, _ text: String, _ body: (inout Output) -> Void) {
        change(address) {
            self.expect($0.deltas == text, .doneIsSumOfDeltas, "'\(text)' for '\($0.deltas)'")
            body(&$0)
        }
    }

    func checkOutputBuffer(_ event: ServerEvent) {
        switch event {
        case .outputAudioBufferStarted(let id):
            expect(speech.bufferStarted(id), .outputBufferEventsInOrder, "started twice, or before anything was played")
        case .outputAudioBufferStopped(let id):
            expect(running[id] == nil, .outputBufferEventsInOrder, "stopped before response.done")
            expect(speech.bufferStopped(id), .outputBufferEventsInOrder, "stopped before the end of the audio")
        case .outputAudioBufferCleared(let id): speech.bufferCleared(id)
        default: break
        }
    }
}

extension Item {
    var isRemoteCall: Bool { if case .mcp(.call) = body { true } else { false } }
    var isCall: Bool { if case .functionCall = body { true } else { isRemoteCall } }
}
