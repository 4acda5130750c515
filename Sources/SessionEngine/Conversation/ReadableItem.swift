import RealtimeProtocol

/// An item as a model reads it: audio is there as its transcript, and nothing that was not heard.
struct ReadableItem: Equatable, Sendable {
    let item: Item
    let isOfConversation: Bool
    let userAudioMs: Int
    var assistantAudioMs = 0
    /// Estimated.
    let tokens: Int

    init(_ item: Item, isOfConversation: Bool, userAudioMs: Int) {
        self.item = item
        self.isOfConversation = isOfConversation
        self.userAudioMs = userAudioMs
        tokens = TokenEstimate.tokens(item)
    }

    /// Nil for an item without anything to read: speech of which nothing was heard, a call that was cut short.
    init?(_ entry: Conversation.Entry) {
        var item = entry.item
        switch item.body {
        case .functionCall where item.status != .completed: return nil
        case .message(var message):
            for (index, text) in entry.heard where message.content.indices.contains(index) {
                message.content[index] = .inputAudio(transcript: text, audio: nil)
            }
            if message.role == .assistant, item.contentBytes == 0 { return nil }
            item.body = .message(message)
        case .functionCall, .functionCallOutput: break
        case .mcp(.call(let call)) where item.status == .completed: item.body = .functionCall(call.call(item.id))
        case .mcp: return nil
        }
        self.init(item, isOfConversation: true, userAudioMs: entry.audioMs.values.reduce(0, +))
        if case .speech(let part)? = entry.output?.body { assistantAudioMs = part.lengthMs }
    }

    /// Whether it is the output of one of these calls: without the call it would make no sense.
    func answersCall(among dropped: ArraySlice<ReadableItem>) -> Bool {
        guard case .functionCallOutput(let output) = item.body else { return false }
        return dropped.contains {
            if case .functionCall(let call) = $0.item.body { call.callID == output.callID } else { false }
        }
    }
}
