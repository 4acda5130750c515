import AudioPipeline
import RealtimeProtocol
import SessionEngine

/// A request of a language model that hears, with the sound of what the user said since the last answer as it is held.
struct HeardRequest: Sendable {
    /// What is longer is given in words alone.
    private static let maxSeconds = 120

    private var request: ModelRequest
    private var sounds: [(item: Int, part: Int, speech: HeldSpeech)] = []

    init(_ request: ModelRequest, _ store: ItemAudioStore) {
        self.request = request
        for (index, item) in request.items.enumerated().reversed() {
            guard case .message(let message) = item.body else { continue }
            // What was answered is history, of which the words will do.
            guard message.role != .assistant else { return }
            for (part, content) in message.content.enumerated() {
                guard message.role == .user, case .inputAudio = content, let audio = store[item.id, part] else {
                    continue
                }
                let seconds = audio.byteCount / audio.format.bytesPerSample / audio.format.sampleRate
                if seconds <= Self.maxSeconds { sounds.append((index, part, HeldSpeech(audio))) }
            }
        }
    }

    /// The request with the sound in it; what cannot be decoded stays words.
    func whole() -> ModelRequest {
        var request = request
        for sound in sounds {
            guard case .message(var message) = request.items[sound.item].body,
                case .inputAudio(let transcript, _) = message.content[sound.part],
                let samples = try? sound.speech.narrow()
            else { continue }
            let file = WAVFile.encoded([samples], hertz: Int(SampleRate.hz16000.hertz))
            message.content[sound.part] = .inputAudio(transcript: transcript, audio: file)
            request.items[sound.item].body = .message(message)
        }
        return request
    }
}
