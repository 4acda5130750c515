import AudioPipeline
import RealtimeProtocol
import SessionEngine
import Testing
import VoiceSession

@Suite("Upstream machine: hostile peers")
struct UpstreamHostilityTests {
    private static let types = [
        "session.created", "session.updated", "conversation.created", "error", "response.output_audio.delta",
        "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed",
        "input_audio_buffer.cleared", "response.created", "response.done", "conversation.item.added",
        "conversation.item.done", "conversation.item.deleted", "conversation.item.truncated",
        "response.output_item.added", "response.output_item.done", "response.output_text.delta",
        "response.output_audio_transcript.done", "conversation.item.input_audio_transcription.completed",
        "session.update", "conversation.item.create", "response.create", "input_audio_buffer.append",
        "output_audio_buffer.clear", "input_audio_buffer.commit",
    ]
    private static let words = ["", "a", "b", "completed", "cancelled", "message", "assistant", "AAAA"]
    private static let names = [
        "event_id", "item_id", "response_id", "content_index", "output_index", "audio_end_ms", "delta", "transcript",
        "text", "item", "response", "session", "error", "usage", "previous_item_id",
    ]

    @Test("Whatever both sides send, in whatever order, the session answers with effects", arguments: 0..<40)
    func anything(seed: UInt64) {
        var random = Steps(state: seed)
        var scene = UpstreamScene(seed % 2 == 0 ? .peer : .webSocket, endpoints: 2)
        for step in 0..<400 {
            let event = Self.event(&random)
            switch random.next(9) {
            case 0: scene.tell(.connected)
            case 1: scene.tell(.disconnected)
            case 2: scene.tell(.played(Generation(rawValue: random.next(4)), samples: Int(random.next(100_000)) - 10))
            case 3: _ = scene.waitForDeadline()
            case 4, 5: scene.tell(.client(event, from: TransportID(rawValue: 0)))
            default:
                scene.tell(.upstream(event, sound: UpstreamSound(block: step, samples: Int(random.next(50_000)))))
            }
        }
    }

    private static func event(_ random: inout Steps) -> RelayedEvent {
        var members: [(name: String, value: JSONValue)] = []
        for name in names where random.next(3) == 0 { members.append((name, value(&random, depth: 3))) }
        return RelayedEvent(types[Int(random.next(UInt64(types.count)))], members)
    }

    private static func value(_ random: inout Steps, depth: Int) -> JSONValue {
        switch random.next(depth > 0 ? 9 : 6) {
        case 0: return .null
        case 1: return .integer([0, 1, -1, .max, .min, 1_000_000_000][Int(random.next(6))])
        case 2: return .number([0.5, -1, 1e300, -1e300, .greatestFiniteMagnitude][Int(random.next(5))])
        case 3, 4: return .string(words[Int(random.next(UInt64(words.count)))])
        case 5: return .bool(random.next(2) == 0)
        case 6: return .array((0..<random.next(4)).map { _ in value(&random, depth: depth - 1) })
        default:
            let known = ["id", "type", "role", "content", "status", "text", "transcript", "output", "audio", "call_id"]
            return .object(
                JSONObject(known.filter { _ in random.next(2) == 0 }.map { ($0, value(&random, depth: depth - 1)) }))
        }
    }
}

/// SplitMix64.
private struct Steps {
    var state: UInt64

    mutating func next(_ bound: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return (mixed ^ (mixed >> 31)) % bound
    }
}
