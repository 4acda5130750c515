package import RealtimeProtocol

/// What a session answers to events it cannot follow, in the words and codes clients look for.
extension ProtocolError {
    package static func sessionExpired(_ maximum: Duration) -> ProtocolError {
        let seconds = maximum.components.seconds
        let length = seconds >= 60 && seconds % 60 == 0 ? "\(seconds / 60) minutes" : "\(seconds) seconds"
        return ProtocolError(code: "session_expired", "Your session hit the maximum duration of \(length).")
    }

    static let eventsMissed = ProtocolError(
        .server, code: "events_missed",
        "Some events that this client has not had cannot be sent any more; conversation.item.retrieve still tells the items.",
        param: "resume")

    static let voiceLocked = ProtocolError(
        code: "cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present.",
        param: "session.audio.output.voice")

    static let speedLocked = ProtocolError(
        code: "invalid_value", "Cannot update the speed while a response is in progress.",
        param: "session.audio.output.speed")

    static func commitTooSmall(bufferedMs: Int) -> ProtocolError {
        ProtocolError(
            code: "input_audio_buffer_commit_empty",
            "Error committing input audio buffer: buffer too small. Expected at least \(InputBuffer.minCommitMs)ms of audio, "
                + "but buffer only has \(bufferedMs).00ms of audio.")
    }

    static func refused(_ refusal: Conversation.Refusal, _ id: ItemID) -> ProtocolError {
        switch refusal {
        case .duplicate:
            ProtocolError(
                code: "item_create_duplicate_item_id",
                "Error adding item: an item with id '\(id.rawValue)' already exists.", param: "item.id")
        case .unknownPrevious(let previous):
            ProtocolError(
                code: "item_create_invalid_previous_item_id",
                "Error adding item: the previous item with id '\(previous.rawValue)' does not exist.",
                param: "previous_item_id")
        case .full:
            ProtocolError(
                code: "conversation_full",
                "Error adding item: the conversation holds at most \(Conversation.maxItems) items "
                    + "and \(Conversation.maxContentBytes) bytes.")
        }
    }

    static func unknownCall(_ id: FunctionCallID) -> ProtocolError {
        ProtocolError(
            code: "invalid_tool_call_id", "Tool call ID '\(id.rawValue)' not found in conversation.",
            param: "item.call_id")
    }

    static func unknownApproval(_ id: ItemID) -> ProtocolError {
        ProtocolError(
            code: "invalid_value", "No call waits for an answer to the approval request '\(id.rawValue)'.",
            param: "item.approval_request_id")
    }

    static func noApprovalHere(path: String) -> ProtocolError {
        ProtocolError(
            code: "invalid_value", "An approval is given by 'conversation.item.create', not with a response.",
            param: "\(path).type")
    }

    static let tooManyServers = ProtocolError(
        code: "invalid_value",
        "A session takes at most \(MCPState.maxServers) definitions of MCP servers in its life.", param: "session.tools"
    )

    static func assistantAudio(path: String) -> ProtocolError {
        ProtocolError(
            code: "invalid_value", "Audio of the assistant cannot be created; give its text as 'output_text'.",
            param: path)
    }

    static func noImages(path: String) -> ProtocolError {
        ProtocolError(code: "invalid_value", "The model behind this session does not accept images.", param: path)
    }

    static func unknownItem(_ id: ItemID, code: String, doing verb: String) -> ProtocolError {
        ProtocolError(
            code: code, "Error \(verb) item: the item with id '\(id.rawValue)' does not exist.", param: "item_id")
    }

    static let notTruncatable = ProtocolError(
        code: "unsupported_content_type", "Only model output audio messages can be truncated")

    static let negativeTruncation = ProtocolError(
        code: "invalid_value", "'audio_end_ms' must be at least 0.", param: "audio_end_ms")

    static func truncationPastEnd(lengthMs: Int, endMs: Int) -> ProtocolError {
        ProtocolError(code: nil, "Audio content of \(lengthMs)ms is already shorter than \(endMs)ms")
    }

    static func busy(_ active: ResponseID) -> ProtocolError {
        ProtocolError(
            code: "conversation_already_has_active_response",
            "Conversation already has an active response in progress: \(active.rawValue). "
                + "Wait until the response is finished before creating a new one.")
    }

    static let tooManyResponses = ProtocolError(
        .rateLimit, code: "rate_limit_exceeded",
        "At most \(ResponseLifecycle.maxOutOfBand) responses with conversation 'none' run at one time.")

    static let noResponses = ProtocolError(
        code: "invalid_value", "A transcription session has no responses.", param: "type")

    static func unknownReference(_ id: ItemID, index: Int) -> ProtocolError {
        ProtocolError(
            code: "invalid_value", "The item with id '\(id.rawValue)' does not exist.",
            param: "response.input[\(index)].id")
    }

    static func nothingToCancel(_ id: ResponseID?) -> ProtocolError {
        let what = id.map { "no active response with id '\($0.rawValue)' found" } ?? "no active response found"
        return ProtocolError(code: "response_cancel_not_active", "Cancellation failed: \(what)")
    }

    package static let noOutputBuffer = ProtocolError(
        code: "invalid_value", "'output_audio_buffer.clear' is for sessions over WebRTC.", param: "type")

    package static let nothingToClear = ProtocolError(
        code: "invalid_value", "There has been no output audio to clear.", param: "type")
}
