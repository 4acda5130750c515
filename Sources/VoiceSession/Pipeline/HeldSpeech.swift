import AudioPipeline
import RealtimeProtocol
import SessionEngine

/// Speech as it is held, before it is brought to 16 kHz off the session's actor.
enum HeldSpeech: Sendable {
    case samples([Int16])
    case coded([UInt8], AudioFormat)
    case none

    init(_ audio: ItemAudioStore.Audio?) {
        self = audio.map { .coded($0.bytes, $0.format) } ?? .none
    }

    /// Mono at 16 kHz.
    func narrow() throws(EngineFailure) -> [Int16] {
        switch self {
        case .samples(let samples): return try PipelineSession.narrow(samples)
        case .coded(let bytes, let format):
            let samples: [Int16]
            do throws(AudioError) {
                samples = try AppendedAudioDecoder().decode(bytes[...], format)
            } catch {
                throw EngineFailure(code: "audio", message: "The audio could not be decoded.")
            }
            return try PipelineSession.narrow(samples)
        case .none:
            throw EngineFailure(code: "audio_unavailable", message: "The audio of the item is not held any more.")
        }
    }
}
