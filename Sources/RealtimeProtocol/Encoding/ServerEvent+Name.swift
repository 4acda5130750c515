extension ServerEvent {
    /// `type` of the wire; nil for an event the dialect does not have.
    func name(in dialect: Dialect) -> String? {
        dialect == .beta ? betaName : currentName
    }

    /// What the beta dialect calls by another name, or does not know.
    private var betaName: String? {
        switch self {
        case .sessionCreated(let session, _) where session.configuration.kind == .transcription:
            "transcription_session.created"
        case .sessionUpdated(let session) where session.configuration.kind == .transcription:
            "transcription_session.updated"
        case .mcpListTools, .mcpCall, .mcpCallArgumentsDelta, .mcpCallArgumentsDone: nil
        case .conversationItemAdded(let item, _) where item.isMCP: nil
        case .outputItemAdded(_, _, let item) where item.isMCP: nil
        case .outputItemDone(_, _, let item) where item.isMCP: nil
        case .conversationItemAdded: "conversation.item.created"
        case .conversationItemDone, .inputAudioBufferTimeoutTriggered: nil
        case .outputTextDelta: "response.text.delta"
        case .outputTextDone: "response.text.done"
        case .outputAudioTranscriptDelta: "response.audio_transcript.delta"
        case .outputAudioTranscriptDone: "response.audio_transcript.done"
        case .outputAudioDelta: "response.audio.delta"
        case .outputAudioDone: "response.audio.done"
        default: currentName
        }
    }

    private var currentName: String {
        switch self {
        case .error: "error"
        case .sessionCreated: "session.created"
        case .sessionUpdated: "session.updated"
        case .conversationCreated: "conversation.created"
        case .conversationItemAdded: "conversation.item.added"
        case .conversationItemDone: "conversation.item.done"
        case .conversationItemRetrieved: "conversation.item.retrieved"
        case .conversationItemDeleted: "conversation.item.deleted"
        case .conversationItemTruncated: "conversation.item.truncated"
        case .inputAudioTranscriptionDelta: "conversation.item.input_audio_transcription.delta"
        case .inputAudioTranscriptionCompleted: "conversation.item.input_audio_transcription.completed"
        case .inputAudioTranscriptionFailed: "conversation.item.input_audio_transcription.failed"
        case .inputAudioBufferCommitted: "input_audio_buffer.committed"
        case .inputAudioBufferCleared: "input_audio_buffer.cleared"
        case .inputAudioBufferSpeechStarted: "input_audio_buffer.speech_started"
        case .inputAudioBufferSpeechStopped: "input_audio_buffer.speech_stopped"
        case .inputAudioBufferTimeoutTriggered: "input_audio_buffer.timeout_triggered"
        case .responseCreated: "response.created"
        case .responseDone: "response.done"
        case .outputItemAdded: "response.output_item.added"
        case .outputItemDone: "response.output_item.done"
        case .contentPartAdded: "response.content_part.added"
        case .contentPartDone: "response.content_part.done"
        case .outputTextDelta: "response.output_text.delta"
        case .outputTextDone: "response.output_text.done"
        case .outputAudioTranscriptDelta: "response.output_audio_transcript.delta"
        case .outputAudioTranscriptDone: "response.output_audio_transcript.done"
        case .outputAudioDelta: "response.output_audio.delta"
        case .outputAudioDone: "response.output_audio.done"
        case .functionCallArgumentsDelta: "response.function_call_arguments.delta"
        case .functionCallArgumentsDone: "response.function_call_arguments.done"
        case .mcpListTools(let progress, _, _): "mcp_list_tools.\(progress.rawValue)"
        case .mcpCallArgumentsDelta: "response.mcp_call_arguments.delta"
        case .mcpCallArgumentsDone: "response.mcp_call_arguments.done"
        case .mcpCall(let progress, _): "response.mcp_call.\(progress.rawValue)"
        case .outputAudioBufferStarted: "output_audio_buffer.started"
        case .outputAudioBufferStopped: "output_audio_buffer.stopped"
        case .outputAudioBufferCleared: "output_audio_buffer.cleared"
        case .rateLimitsUpdated: "rate_limits.updated"
        }
    }
}
