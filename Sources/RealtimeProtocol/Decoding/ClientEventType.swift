/// `type` of a client's event (REALTIME_API section 3).
enum ClientEventType: String, CaseIterable {
    case sessionUpdate = "session.update"
    case transcriptionSessionUpdate = "transcription_session.update"
    case append = "input_audio_buffer.append"
    case commit = "input_audio_buffer.commit"
    case clear = "input_audio_buffer.clear"
    case itemCreate = "conversation.item.create"
    case itemRetrieve = "conversation.item.retrieve"
    case itemTruncate = "conversation.item.truncate"
    case itemDelete = "conversation.item.delete"
    case responseCreate = "response.create"
    case responseCancel = "response.cancel"
    case outputClear = "output_audio_buffer.clear"

    /// Whether only the beta dialect has it.
    var isBeta: Bool { self == .transcriptionSessionUpdate }

    static func names(in dialect: Dialect) -> [String] {
        allCases.filter { dialect == .beta || !$0.isBeta }.map(\.rawValue)
    }
}
