import AsyncHTTPClient
import AudioPipeline
import NIOCore
import NIOHTTP1
import RealtimeProtocol
package import SessionEngine

/// A voice behind `POST /v1/audio/speech`: raw PCM as the API has it (16 bit, 24 kHz, mono), or WAV where a server sends that.
package struct RemoteSynthesizer: Synthesizer {
    static let stage = "voice"

    private let endpoint: RemoteEndpoint
    /// The server's voice for every voice of a session; nil passes the session's on.
    private let speaker: String?
    private let format: VoiceFormat

    package init(_ endpoint: RemoteEndpoint, speaker: String?, format: VoiceFormat = .pcm) {
        self.endpoint = endpoint
        self.speaker = speaker
        self.format = format
    }

    package func speak(
        _ request: SpeechRequest, onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure) {
        let response = try await endpoint.post(
            Self.stage, "/audio/speech", contentType: "application/json", body(request), accept: "*/*")
        var sound = ReceivedSound(contentType: response.headers.first(name: "Content-Type") ?? "")
        try await RemoteEndpoint.read(Self.stage, response.body) { piece throws(EngineFailure) in
            let samples = try sound.feed(piece.readableBytesView)
            if !samples.isEmpty { await onAudio(SynthesizedAudio(samples: samples, words: [])) }
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
            writer.name("speed")
            writer.number(request.speed)
        }
        return writer.bytes
    }
}

/// Sound as it comes over HTTP, brought to 24 kHz mono.
struct ReceivedSound {
    private enum State {
        /// Until it is known whether a WAVE header comes first.
        case beginning
        case samples(channels: Int, Resampler?)
    }

    private static let target = 24_000
    private static let hertzRange = 8_000...192_000

    private var state = State.beginning
    private var held: [UInt8] = []

    init(contentType: String) {
        // Raw PCM has no beginning to look for.
        if contentType.hasPrefix("audio/pcm") || contentType.hasPrefix("audio/L16") {
            state = .samples(channels: 1, nil)
        }
    }

    mutating func feed(_ bytes: some Collection<UInt8>) throws(EngineFailure) -> [Int16] {
        held += bytes
        if case .beginning = state { try begin() }
        guard case .samples(let channels, let resampler) = state else { return [] }
        let frame = 2 * channels
        let whole = held.count / frame * frame
        guard whole > 0 else { return [] }
        let samples = Self.mono(held[..<whole], channels: channels)
        held.removeFirst(whole)
        guard let resampler else { return samples }
        do throws(AudioError) {
            return try resampler.resample(samples)
        } catch {
            throw Self.unusable
        }
    }

    private mutating func begin() throws(EngineFailure) {
        guard held.count >= 4 else { return }
        guard held[..<4].elementsEqual("RIFF".utf8) else {
            state = .samples(channels: 1, nil)
            return
        }
        guard let header = try WAVHeader.read(held) else { return }
        guard (1...8).contains(header.channels), Self.hertzRange.contains(header.hertz) else { throw Self.unusable }
        held.removeFirst(header.length)
        do throws(AudioError) {
            let resampler =
                header.hertz == Self.target
                ? nil : try Resampler(fromHertz: Int32(header.hertz), toHertz: Int32(Self.target))
            state = .samples(channels: header.channels, resampler)
        } catch {
            throw Self.unusable
        }
    }

    private static func mono(_ bytes: ArraySlice<UInt8>, channels: Int) -> [Int16] {
        let frame = 2 * channels
        return (0..<bytes.count / frame).map { index in
            var sum = 0
            for channel in 0..<channels {
                let at = bytes.startIndex + index * frame + 2 * channel
                sum += Int(Int16(bitPattern: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8))
            }
            return Int16(clamping: sum / channels)
        }
    }

    private static let unusable = EngineFailure(
        code: "engine_error", message: "The server of the voice sent sound that cannot be used.")
}
