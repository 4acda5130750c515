import PeerTransport
import Wire

/// The events of one call: its session, and where the server does not listen for the end of words, that they have ended.
struct ConversationEvents {
    private static let label = "oai-events"

    let connection: PeerConnection
    let audio: LoopedAudio
    let listens: Bool

    func run() async {
        await connection.openChannel(label: Self.label)
        for await case .channelOpened(let channel) in connection.events {
            post(
                """
                {"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":\
                \(listens ? #"{"type":"semantic_vad"}"# : "null")}}}}
                """, on: channel.id)
            guard !listens else { continue }
            audio.onSpoken {
                post(#"{"type":"input_audio_buffer.commit"}"#, on: channel.id)
                post(#"{"type":"response.create"}"#, on: channel.id)
            }
        }
    }

    private func post(_ event: String, on channel: UInt16) {
        connection.post(DataChannelMessage(channel: channel, payload: .string(Array(event.utf8))))
    }
}
