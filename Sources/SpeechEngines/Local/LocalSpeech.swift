import Foundation
import ModelLibrary
import RealtimeProtocol
import SessionEngine
import Synchronization

/// Recogniser and voice of one profile, which share a lane.
struct LocalSpeech: Sendable {
    /// What loading them needs.
    struct Source: Sendable {
        let directory: ModelDirectory
        let runtime: ONNXRuntime
        let lane: InferenceLane
        let settings: LocalEngine.Settings
    }

    let transcriber: MoonshineTranscriber
    let synthesizer: any Synthesizer

    init(_ source: Source, _ profile: ModelProfile) throws(LocalEngineError) {
        transcriber = try Self.transcriber(source, profile)
        synthesizer = try Self.synthesizer(source, profile)
    }

    static func transcriber(_ source: Source, _ profile: ModelProfile) throws(LocalEngineError) -> MoonshineTranscriber
    {
        let path = source.settings.recogniser ?? source.directory.folder(of: profile.recogniser).path
        let model = try SherpaRecognizerModel(in: SherpaDirectory(path: path))
        return MoonshineTranscriber(
            recognizer: try SherpaRecognizer(library: try library(source), model: model),
            languages: source.settings.recogniser == nil ? ["en"] : nil, lane: source.lane)
    }

    /// The voice alone, too, serves: `parley voices` needs no more.
    static func synthesizer(_ source: Source, _ profile: ModelProfile) throws(LocalEngineError) -> any Synthesizer {
        let directory = source.directory
        let frontEnd = try EnglishFrontEnd(runtime: source.runtime, directory: directory)
        let voice = profile.voices[0]
        if source.settings.voice == nil, voice == .hibari {
            let model = try HibariModel(
                runtime: source.runtime, model: directory.path(voice, "hibari.onnx"),
                vocabulary: directory.path(voice, "vocab.json"), frontEnd: frontEnd)
            return HibariSynthesizer(model: model, lane: source.lane)
        }
        return try SherpaSynthesizer(
            library: try library(source),
            directory: try SherpaDirectory(path: source.settings.voice ?? directory.folder(of: voice).path),
            frontEnd: frontEnd, lane: source.lane)
    }

    private static func library(_ source: Source) throws(LocalEngineError) -> SherpaLibrary {
        try SherpaLibrary(path: source.directory.path(.speechRuntime, "libsherpa-onnx-c-api.so"))
    }

    /// How fast they are here: seconds of work per second of speech.
    struct Pace: Sendable {
        var recogniser: Double
        var voice: Double

        /// Above this share of real time a conversation stalls as soon as anything else runs.
        static let limit = 0.7

        var isConversational: Bool { recogniser <= Self.limit && voice <= Self.limit }
    }

    private static let probe = "One, two, three, four, five, six, seven, eight."

    /// Speaks a sentence and hears it, after a word for warming up.
    func pace() async throws(EngineFailure) -> Pace {
        _ = try await spoken("Ready.")
        let clock = ContinuousClock()
        let start = clock.now
        let speech = try await spoken(Self.probe)
        let voice = start.duration(to: clock.now)
        // 24 kHz to 16: two of three samples. How it sounds does not matter for how long it takes.
        let heard = speech.indices.filter { $0 % 3 != 2 }.map { speech[$0] }
        _ = try await transcriber.transcribe(heard, nil, onDelta: { _ in })
        let middle = clock.now
        _ = try await transcriber.transcribe(heard, nil, onDelta: { _ in })
        let recogniser = middle.duration(to: clock.now)
        let length = Duration.milliseconds(max(speech.count / 24, 1))
        return Pace(recogniser: recogniser / length, voice: voice / length)
    }

    private func spoken(_ text: String) async throws(EngineFailure) -> [Int16] {
        let samples = Mutex<[Int16]>([])
        let request = SpeechRequest(clause: 0, text: text, voice: .named("marin"), speed: 1)
        try await synthesizer.speak(request) { audio in samples.withLock { $0 += audio.samples } }
        return samples.withLock { $0 }
    }
}
