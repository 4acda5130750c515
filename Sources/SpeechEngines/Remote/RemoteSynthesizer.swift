import AsyncHTTPClient
import AudioPipeline
import NIOCore
import NIOHTTP1
import RealtimeProtocol
package import SessionEngine

/// A voice behind `POST /v1/audio/speech`, asked for raw PCM (16 bit, 24 kHz, mono) where nothing else is configured; what
/// comes is looked at (`ReceivedSound`).
package struct RemoteSynthesizer: Synthesizer {
    static let stage = "voice"
    /// A second: a block of `SynthesizedAudio` is to be short, and a few kilobytes of MP3 are long.
    private static let blockSamples = ReceivedSound.hertz

    private let endpoint: RemoteEndpoint
    /// The server's voice for every voice of a session; nil passes the session's on.
    private let speaker: String?
    private let format: VoiceFormat
    /// Samples per second of raw PCM whose type does not say it.
    private let rawHertz: Int

    package init(
        _ endpoint: RemoteEndpoint, speaker: String?, format: VoiceFormat = .pcm, rawHertz: Int = VoiceFormat.rawHertz
    ) {
        self.endpoint = endpoint
        self.speaker = speaker
        self.format = format
        self.rawHertz = rawHertz
    }

    package func speak(
        _ request: SpeechRequest, onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure) {
        let response = try await endpoint.post(
            Self.stage, "/audio/speech", contentType: "application/json", body(request), accept: "*/*")
        var sound = ReceivedSound(contentType: response.headers.first(name: "Content-Type"), rawHertz: rawHertz)
        try await RemoteEndpoint.read(Self.stage, response.body) { piece throws(EngineFailure) in
            await Self.pass(try sound.feed(piece.readableBytesView), onAudio)
        }
        await Self.pass(try sound.finish(), onAudio)
    }

    private static func pass(_ samples: [Int16], _ onAudio: (SynthesizedAudio) async -> Void) async {
        for start in stride(from: 0, to: samples.count, by: blockSamples) {
            let block = samples[start..<min(start + blockSamples, samples.count)]
            await onAudio(SynthesizedAudio(samples: Array(block), words: []))
        }
    }

    private func body(_ request: SpeechRequest) -> [UInt8] {
        let name =
            switch request.voice {
            case .named(let name): name
            case .custom(let id): id
            }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("model")
            writer.string(endpoint.model)
            writer.name("input")
            writer.string(request.text)
            writer.name("voice")
            writer.string(speaker ?? name)
            writer.name("response_format")
            writer.string(format.rawValue)
            // Servers differ in the speeds they take, but every one has its own.
            if request.speed != 1 {
                writer.name("speed")
                writer.number(request.speed)
            }
        }
        return writer.bytes
    }
}
