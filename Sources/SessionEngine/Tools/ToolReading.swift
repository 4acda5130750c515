import RealtimeProtocol

/// Calls and their results as a model reads them: each result right after its call, though talk may have come between.
enum ToolReading {
    /// What a model reads where a result is not there yet.
    static let runningWords = "This tool is still running. Its result comes later."
    static let waitingWords = "This call waits for the user's approval."

    /// A call is read where its result is; one without is followed by words that say so.
    static func arranged(_ items: [ReadableItem]) -> [ReadableItem] {
        guard items.contains(where: { $0.call != nil }) else { return items }
        let answered = Set(items.compactMap(\.answered))
        var waiting: [FunctionCallID: ReadableItem] = [:]
        var arranged: [ReadableItem] = []
        for (index, item) in items.enumerated() {
            if let call = item.call {
                if !answered.contains(call) {
                    arranged += [item, item.unanswered(call)]
                } else if isAnswered(call, in: items[(index + 1)...]) {
                    arranged.append(item)
                } else {
                    waiting[call] = item
                }
                continue
            }
            if let id = item.answered, let call = waiting.removeValue(forKey: id) { arranged.append(call) }
            arranged.append(item)
        }
        return arranged
    }

    /// Whether its result follows with nothing but calls and results before it.
    private static func isAnswered(_ call: FunctionCallID, in rest: ArraySlice<ReadableItem>) -> Bool {
        for item in rest {
            if item.answered == call { return true }
            guard item.call != nil || item.answered != nil else { return false }
        }
        return false
    }
}

extension ReadableItem {
    /// The id of the call that it is.
    fileprivate var call: FunctionCallID? {
        if case .functionCall(let call) = item.body { call.callID } else { nil }
    }

    /// The id of the call whose result it is.
    fileprivate var answered: FunctionCallID? {
        if case .functionCallOutput(let output) = item.body { output.callID } else { nil }
    }

    fileprivate func unanswered(_ call: FunctionCallID) -> ReadableItem {
        let output = FunctionCallOutput(callID: call, output: ToolReading.runningWords)
        return ReadableItem(
            Item(id: item.id, body: .functionCallOutput(output)), isOfConversation: isOfConversation, userAudioMs: 0)
    }
}

extension MCPCall {
    /// The call as models know calls; its item's name stands for the id.
    func call(_ id: ItemID) -> FunctionCall {
        FunctionCall(callID: FunctionCallID(id.rawValue), name: Toolbox.plain(name), arguments: arguments)
    }

    /// What a model reads as its result.
    func result(_ id: ItemID) -> FunctionCallOutput {
        let text =
            switch outcome {
            case .output(let text)?: text
            case .failed(let error)?: "The tool failed: \(error.message)"
            case nil: approvalRequest == nil ? ToolReading.runningWords : ToolReading.waitingWords
            }
        return FunctionCallOutput(callID: FunctionCallID(id.rawValue), output: text)
    }
}
