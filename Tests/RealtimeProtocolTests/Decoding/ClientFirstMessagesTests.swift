import RealtimeProtocol
import Testing

/// The first messages of unmodified clients, as captured: REALTIME_API sections 11.3 to 11.6.
@Suite("First messages of clients")
struct ClientFirstMessagesTests {
    private static let agentsPython = [
        #"""
        {"type":"session.update","session":{"type":"realtime","model":"gpt-realtime-2.1","output_modalities":["audio"],
        "instructions":"Be brief.","audio":{"input":{"format":{"type":"audio/pcm","rate":24000},
        "transcription":{"model":"gpt-4o-mini-transcribe"},
        "turn_detection":{"type":"semantic_vad","interrupt_response":true}},
        "output":{"format":{"type":"audio/pcm","rate":24000},"voice":"ash"}},
        "tools":[{"type":"function","name":"get_weather","description":"","parameters":{"type":"object","properties":
        {"city":{"type":"string"}},"required":["city"],"additionalProperties":false,"strict":true}}]}}
        """#,
        #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}}"#,
        #"{"type":"session.update","session":{"type":"realtime","model":"gpt-realtime-2.1","tracing":"auto"}}"#,
        #"{"type":"response.create","event_id":"agents_py_response_create_1"}"#,
        #"{"type":"input_audio_buffer.append","audio":"AAAA"}"#, #"{"type":"input_audio_buffer.commit"}"#,
        #"{"type":"conversation.item.truncate","item_id":"item_1","content_index":0,"audio_end_ms":4}"#,
        #"{"type":"conversation.item.retrieve","item_id":"item_1"}"#,
    ]

    private static let liveKit = [
        #"""
        {"type":"session.update","event_id":"session_update_1","session":{"type":"realtime","model":"gpt-realtime",
        "output_modalities":["audio"],"max_output_tokens":"inf","tool_choice":"auto","tracing":null,"audio":{
        "input":{"format":{"type":"audio/pcm","rate":24000},"noise_reduction":null,
        "transcription":{"model":"gpt-4o-mini-transcribe"},"turn_detection":{"type":"semantic_vad",
        "eagerness":"medium","create_response":true,"interrupt_response":true}},
        "output":{"format":{"type":"audio/pcm","rate":24000},"speed":1.0,"voice":"marin"}}}}
        """#,
        #"{"type":"session.update","event_id":"instructions_update_1","session":{"type":"realtime","instructions":"Be brief."}}"#,
        #"""
        {"type":"conversation.item.create","event_id":"chat_ctx_create_1","previous_item_id":"root","item":{
        "id":"item_b5cc90b3ff55","type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}}
        """#,
        #"""
        {"type":"conversation.item.create","event_id":"chat_ctx_create_2","previous_item_id":"item_1","item":{
        "id":"item_2","type":"function_call_output","call_id":"call_1","output":"sunny"}}
        """#,
        #"""
        {"type":"response.create","event_id":"response_create_1","response":{"instructions":null,
        "metadata":{"client_event_id":"response_create_1"}}}
        """#,
        #"""
        {"type":"session.update","event_id":"session_update_1","session":{"type":"transcription","audio":{"input":{
        "format":{"type":"audio/pcm","rate":24000},"transcription":{"model":"gpt-4o-transcribe"},
        "turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":600,"silence_duration_ms":350}}}}}
        """#,
    ]

    private static let pipecat = [
        #"{"event_id":"a","type":"session.update","session":{"type":"realtime","model":"gpt-realtime","instructions":"Be brief."}}"#,
        #"""
        {"event_id":"b","type":"conversation.item.create","item":{"id":"0f8fad5bd9cb469fa16570867728950e",
        "type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}}
        """#,
        #"{"event_id":"c","type":"session.update","session":{"type":"realtime","tools":[]}}"#,
        #"{"event_id":"d","type":"response.create","response":{"output_modalities":["audio"]}}"#,
        #"{"event_id":"rci_item_1","type":"conversation.item.retrieve","item_id":"item_1"}"#,
        #"{"event_id":"e","type":"input_audio_buffer.clear"}"#, #"{"event_id":"f","type":"response.cancel"}"#,
    ]

    private static let agentsJS = [
        #"""
        {"type":"session.update","session":{"type":"realtime","instructions":"Be brief.","output_modalities":["audio"],
        "audio":{"input":{"noise_reduction":null,"transcription":{"model":"gpt-4o-mini-transcribe"},
        "turn_detection":{"type":"semantic_vad"}},"output":{"speed":1,"voice":"ash"}},"tools":[],"tool_choice":"auto"}}
        """#,
        #"{"type":"session.update","session":{"type":"realtime","tracing":"auto"}}"#,
    ]

    @Test("Every one is taken", arguments: agentsPython + liveKit + pipecat + agentsJS)
    func taken(_ message: String) throws {
        let event = try EventDecoder(dialect: .current).decode(Array(message.utf8))
        guard case .sessionUpdate(let update) = event.payload else { return }
        let isTranscription = update["type"] == .string("transcription")
        let session = SessionConfiguration(kind: isTranscription ? .transcription : .realtime, model: "gpt-realtime")
        let merged = try session.merging(update)
        #expect(merged.model == "gpt-realtime")
    }
}
