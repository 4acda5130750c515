import RealtimeProtocol

@testable import LoadGenerator

/// A recording written as lines of `client {…}` and `server {…}`, an event every 100 ms.
func recording(_ lines: String) -> [RecordedEvent] {
    lines.split(separator: "\n").enumerated().compactMap { index, line in
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard words.count == 2, let sender = RecordedEvent.Sender(rawValue: String(words[0])),
            let event = object(String(words[1]))
        else { return nil }
        return RecordedEvent(ms: Double(index) * 100, sender: sender, event: event)
    }
}

func object(_ json: String) -> JSONObject? {
    guard case .object(let object)? = try? JSONParser.parse(Array(json.utf8)) else { return nil }
    return object
}

/// A spoken question with a tool in it, over WebRTC: the server took the turn by itself.
let spokenCall = """
    server {"type":"session.created","session":{"type":"realtime","model":"gpt-realtime"}}
    client {"type":"session.update","session":{"type":"realtime"}}
    server {"type":"session.updated","session":{}}
    server {"type":"input_audio_buffer.speech_started","item_id":"item_u"}
    server {"type":"input_audio_buffer.speech_stopped","item_id":"item_u"}
    server {"type":"input_audio_buffer.committed","item_id":"item_u"}
    server {"type":"conversation.item.added","item":{"id":"item_u","type":"message","role":"user","content":[{"type":"input_audio"}]}}
    server {"type":"response.created","response":{"id":"resp_1"}}
    server {"type":"conversation.item.input_audio_transcription.completed","item_id":"item_u","transcript":"What time is it?"}
    server {"type":"response.output_item.added","response_id":"resp_1","output_index":0,"item":{"id":"item_f","type":"function_call","call_id":"call_1","name":"get_time"}}
    server {"type":"conversation.item.added","item":{"id":"item_f","type":"function_call","call_id":"call_1"}}
    server {"type":"response.done","response":{"id":"resp_1","status":"completed","output":[{"id":"item_f","type":"function_call","call_id":"call_1","name":"get_time","arguments":"{}"}]}}
    client {"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1","output":"noon"}}
    client {"type":"response.create"}
    server {"type":"conversation.item.added","item":{"id":"item_o","type":"function_call_output","call_id":"call_1"}}
    server {"type":"response.created","response":{"id":"resp_2"}}
    server {"type":"response.output_item.added","response_id":"resp_2","output_index":0,"item":{"id":"item_a","type":"message","role":"assistant"}}
    server {"type":"output_audio_buffer.started","response_id":"resp_2"}
    server {"type":"response.done","response":{"id":"resp_2","status":"completed","output":[{"id":"item_a","type":"message","content":[{"type":"output_audio","transcript":"It is noon."}]}]}}
    server {"type":"output_audio_buffer.stopped","response_id":"resp_2"}
    """
