import RealtimeProtocol
package import SessionEngine

/// Any voice of sherpa-onnx as the voice of the embedded engine. Such voices do not tell when they say a word: word times
/// are estimated from how much of the text comes before it.
package final class SherpaSynthesizer: Synthesizer {
    private static let hertz = 24_000
    /// Samples of one block (200 ms).
    private static let blockSamples = 4800
    /// What Kokoro takes at once; others take more.
    private static let maxPhonemes = 400

    private let voice: SherpaVoice
    private let model: SherpaVoiceModel
    private let frontEnd: EnglishFrontEnd
    private let lane: InferenceLane
    private let table: VoiceTable

    package var voices: VoiceTable? { table }

    init(
        library: SherpaLibrary, directory: SherpaDirectory, frontEnd: EnglishFrontEnd, lane: InferenceLane
    ) throws(LocalEngineError) {
        model = try SherpaVoiceModel(in: directory)
        voice = try SherpaVoice(library: library, model: model)
        self.frontEnd = frontEnd
        self.lane = lane
        let names = (0..<voice.speakerCount).map { [speakers = model.speakers] index in
            speakers.indices.contains(index) ? speakers[index] : String(index)
        }
        table = Self.table(names)
    }

    package func speak(
        _ request: SpeechRequest, onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure) {
        let speaker = table.index(of: request.voice) ?? table.defaultIndex
        for piece in try await pieces(of: request.text) {
            if Task.isCancelled { throw .cancelled }
            let samples = try await lane.run { [voice] () throws(LocalEngineError) in
                let sound = try voice.speak(
                    piece.text, phonemes: piece.phonemes, speaker: speaker, speed: request.speed)
                return try voice.resampled(sound, to: Self.hertz).map(Self.sample)
            }
            try await deliver(samples, piece.words, onAudio)
        }
    }

    /// What is spoken at once: for a voice with dictionaries the text, else phonemes.
    private struct Piece: Sendable {
        var text: String
        var phonemes: String?
        /// As shown, with how much there is to say of it.
        var words: [(text: String, weight: Int)]
    }

    private func pieces(of text: String) async throws(EngineFailure) -> [Piece] {
        guard model.lexicons == nil else {
            let words = text.split(whereSeparator: \.isWhitespace).map { (text: String($0), weight: $0.count) }
            return words.isEmpty ? [] : [Piece(text: text, phonemes: nil, words: words)]
        }
        let sentences = try await lane.run { [frontEnd] () throws(LocalEngineError) in
            try frontEnd.sentences(of: text, maxPhonemes: Self.maxPhonemes)
        }
        return sentences.map { sentence in
            let sounds = sentence.map { $0.phonemes + ($0.pause.map(String.init) ?? "") }.joined(separator: " ")
            return Piece(
                text: sentence.map(\.text).joined(separator: " "),
                phonemes: model.speaksEspeak ? EspeakPhonemes.phonemes(sounds) : sounds,
                words: sentence.map { ($0.text, $0.phonemes.count + 1) })
        }
    }

    private func deliver(
        _ samples: [Int16], _ words: [(text: String, weight: Int)],
        _ onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure) {
        let times = Self.times(of: words, durationMs: samples.count * 1000 / Self.hertz)
        for start in stride(from: 0, to: samples.count, by: Self.blockSamples) {
            if Task.isCancelled { throw .cancelled }
            let block = Array(samples[start..<min(start + Self.blockSamples, samples.count)])
            await onAudio(SynthesizedAudio(samples: block, words: start == 0 ? times : []))
        }
    }

    /// One word after another, each as long as its share of what is said.
    static func times(of words: [(text: String, weight: Int)], durationMs: Int) -> [WordTiming] {
        let total = max(words.reduce(0) { $0 + $1.weight }, 1)
        var before = 0
        return words.map { word in
            let start = before * durationMs / total
            before += word.weight
            return WordTiming(text: word.text, startMs: start, endMs: before * durationMs / total)
        }
    }

    private static func sample(_ value: Float) -> Int16 {
        guard value.isFinite else { return 0 }
        return Int16(max(-1, min(1, value)) * 32767)
    }
}
