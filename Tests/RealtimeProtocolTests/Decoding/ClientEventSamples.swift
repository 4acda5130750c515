/// Client events with every field they can have.
enum ClientEventSamples {
    static let append = #"{"type": "input_audio_buffer.append", "event_id": "e1", "audio": "AAECAw=="}"#

    static let sessionUpdate = #"""
        {"type": "session.update", "event_id": "e1", "session": {
            "type": "realtime", "model": "gpt-realtime", "output_modalities": ["audio"], "instructions": "Be brief.",
            "tools": [{"type": "function", "name": "weather", "description": "Of a city", "parameters": {"type": "object"}}],
            "tool_choice": "auto", "parallel_tool_calls": true, "reasoning": {"effort": "low"}, "max_output_tokens": 4096,
            "tracing": {"workflow_name": "w", "group_id": "g", "metadata": {}},
            "truncation": {"type": "retention_ratio", "retention_ratio": 0.5, "token_limits": {"post_instructions": 100}},
            "include": ["item.input_audio_transcription.logprobs"],
            "audio": {
                "input": {
                    "format": {"type": "audio/pcm", "rate": 24000},
                    "transcription": {"model": "whisper-1", "language": "de", "languages": ["de"], "prompt": "Names",
                        "keywords": ["Zoë"], "delay": "low"},
                    "noise_reduction": {"type": "near_field", "strength": 0.5},
                    "turn_detection": {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300,
                        "silence_duration_ms": 500, "create_response": true, "interrupt_response": true,
                        "idle_timeout_ms": 5000}},
                "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin", "speed": 1.5}}}}
        """#

    static let semanticUpdate = #"""
        {"type": "session.update", "session": {"tool_choice": {"type": "function", "name": "weather"}, "truncation": "auto",
            "tracing": "auto", "max_output_tokens": "inf", "audio": {
                "input": {"turn_detection": {"type": "semantic_vad", "eagerness": "high", "create_response": false,
                    "interrupt_response": false}},
                "output": {"voice": {"id": "voice_1"}}}}}
        """#

    static let userMessage = #"""
        {"type": "conversation.item.create", "event_id": "e1", "previous_item_id": "item_0", "item": {
            "id": "item_1", "type": "message", "object": "realtime.item", "status": "completed", "role": "user", "content": [
                {"type": "input_text", "text": "Hello"},
                {"type": "input_audio", "audio": "AAECAw==", "transcript": "Hello"},
                {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "low"}]}}
        """#

    static let assistantMessage = #"""
        {"type": "conversation.item.create", "item": {
            "type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi."}]}}
        """#

    static let functionCall = #"""
        {"type": "conversation.item.create", "item": {
            "type": "function_call", "call_id": "call_1", "name": "weather", "arguments": "{}"}}
        """#

    static let functionCallOutput = #"""
        {"type": "conversation.item.create", "item": {
            "type": "function_call_output", "call_id": "call_1", "output": "21 °C"}}
        """#

    static let retrieve = #"{"type": "conversation.item.retrieve", "event_id": "e1", "item_id": "item_1"}"#
    static let delete = #"{"type": "conversation.item.delete", "event_id": "e1", "item_id": "item_1"}"#
    static let truncate = #"""
        {"type": "conversation.item.truncate", "event_id": "e1", "item_id": "item_1", "content_index": 0, "audio_end_ms": 300}
        """#
    static let cancel = #"{"type": "response.cancel", "event_id": "e1", "response_id": "resp_1"}"#

    static let create = #"""
        {"type": "response.create", "event_id": "e1", "response": {
            "conversation": "none", "instructions": "Be brief.", "output_modalities": ["text"],
            "audio": {"output": {"format": {"type": "audio/pcmu", "rate": 8000}, "voice": "marin"}},
            "tools": [{"type": "function", "name": "weather", "description": "Of a city", "parameters": {"type": "object"}}],
            "tool_choice": {"type": "function", "name": "weather"}, "parallel_tool_calls": false,
            "reasoning": {"effort": "high"}, "max_output_tokens": 16, "metadata": {"topic": "mood"},
            "input": [{"type": "item_reference", "id": "item_1"},
                {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]}]}}
        """#

    static let bare = [
        "input_audio_buffer.commit", "input_audio_buffer.clear", "output_audio_buffer.clear", "response.create",
        "response.cancel",
    ].map { #"{"type": "\#($0)", "event_id": "e1"}"# }

    static let all =
        [
            append, sessionUpdate, semanticUpdate, userMessage, assistantMessage, functionCall, functionCallOutput,
            retrieve, delete, truncate, cancel, create,
        ] + bare
}
