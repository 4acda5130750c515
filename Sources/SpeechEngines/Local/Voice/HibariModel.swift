import Foundation

/// hibari: English text to 24 kHz speech. Run by its lane alone.
///
/// `@unchecked Sendable` is safe because only the lane's thread touches the vocoder's scratch memory.
final class HibariModel: @unchecked Sendable {
    private static let outputs = ["lh", "theta", "ln", "lr", "phi", "f0"]
    /// Frames per phoneme, a value from inside of the network.
    private static let durations = "/Clip_output_0"
    /// The network was trained on no longer sentences.
    private static let maxPhonemes = 400

    private static let samplesPerMs = 24
    /// Of 32767; the network's silence is below.
    private static let silenceLevel = 200
    /// Kept before the first loud sample (30 ms), where quiet sounds begin, and after the last one.
    private static let leadSamples = 720
    private static let tailMs = 60

    private let session: ONNXSession
    private let frontEnd: EnglishFrontEnd
    private let ids: [Character: Int64]
    private let vocoder = HibariVocoder(seed: 1)

    /// - Parameters:
    ///   - model: path of the network.
    ///   - vocabulary: path of the numbers of its phonemes.
    init(
        runtime: ONNXRuntime, model: String, vocabulary: String, frontEnd: EnglishFrontEnd
    ) throws(LocalEngineError) {
        session = try runtime.makeSession(model: model, exposing: Self.durations)
        self.frontEnd = frontEnd
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: vocabulary))
            let vocabulary = try JSONDecoder().decode([String: Int64].self, from: data)
            var ids: [Character: Int64] = [:]
            for (text, id) in vocabulary { if let character = text.first { ids[character] = id } }
            self.ids = ids
        } catch {
            throw .model(path: vocabulary, reason: "\(error)")
        }
    }

    /// Speech of a text, and where its words are.
    struct Speech: Sendable {
        /// Mono Int16 at 24 kHz.
        var samples: [Int16] = []
        /// In samples from the start.
        var words: [(text: String, range: Range<Int>)] = []
    }

    /// - Parameter speed: 1 is the voice's own pace.
    func speak(_ text: String, preset: VoicePreset, speed: Double) throws(LocalEngineError) -> Speech {
        var speech = Speech()
        for sentence in try frontEnd.sentences(of: text, maxPhonemes: Self.maxPhonemes) {
            try append(sentence, to: &speech, preset, speed)
        }
        return speech
    }

    private func append(
        _ sentence: [EnglishFrontEnd.Word], to speech: inout Speech, _ preset: VoicePreset, _ speed: Double
    ) throws(LocalEngineError) {
        // The network wants a blank at both ends.
        var inputs: [Int64] = [0]
        var places: [Range<Int>] = []
        for (index, word) in sentence.enumerated() {
            if index > 0, let space = ids[" "] { inputs.append(space) }
            let start = inputs.count
            inputs += word.phonemes.compactMap { ids[$0] }
            places.append(start..<inputs.count)
            if let pause = word.pause.flatMap({ ids[$0] }) { inputs.append(pause) }
        }
        inputs.append(0)
        var (spectrum, frames) = try spectrum(of: inputs, speed: speed)
        preset.apply(to: &spectrum)
        let whole = vocoder.samples(of: spectrum).map(Self.limited)
        let kept = Self.audible(whole, pauseMs: sentence.last?.pause?.pauseMs ?? 0)
        let ends = Self.ends(of: frames, in: whole.count).map { min(max($0, kept.lowerBound), kept.upperBound) }
        let offset = speech.samples.count - kept.lowerBound
        for (word, place) in zip(sentence, places) where !place.isEmpty {
            speech.words.append((word.text, offset + ends[place.lowerBound - 1]..<offset + ends[place.upperBound - 1]))
        }
        speech.samples += whole[kept]
    }

    /// Straight up to 0.7, then bent so that nothing is cut off at full scale.
    private static func limited(_ sample: Float) -> Int16 {
        guard sample.isFinite else { return 0 }
        let (size, bend) = (abs(sample), Float(0.7))
        let soft = size <= bend ? size : bend + (1 - bend) * tanhf((size - bend) / (1 - bend))
        return Int16((sample < 0 ? -soft : soft) * 32767)
    }

    /// Without the silence that the network puts around each sentence, but for the pause that its punctuation asks for.
    private static func audible(_ samples: [Int16], pauseMs: Int) -> Range<Int> {
        let isLoud = { (sample: Int16) in abs(Int(sample)) > silenceLevel }
        guard let first = samples.firstIndex(where: isLoud), let last = samples.lastIndex(where: isLoud) else {
            return 0..<samples.count
        }
        return max(0, first - leadSamples)..<min(samples.count, last + (tailMs + pauseMs) * samplesPerMs)
    }

    private func spectrum(
        of inputs: [Int64], speed: Double
    ) throws(LocalEngineError) -> (HibariSpectrum, frames: [Float]) {
        let outputs = try session.floats(
            [
                ("ids", .integers(Tensor(inputs, shape: [1, inputs.count]))),
                ("speed", .floats(Tensor([Float(speed)], shape: [1]))),
            ], outputs: Self.outputs + [Self.durations])
        guard outputs.count == 7, let frames = outputs[5].shape.last, outputs[6].values.count == inputs.count,
            outputs[..<5].allSatisfy({ $0.values.count == HibariSpectrum.bins * frames })
        else { throw .output(model: "hibari", reason: "unexpected shapes") }
        let spectrum = HibariSpectrum(
            frames: frames, voiced: outputs[0].values, voicedPhase: outputs[1].values, noise: outputs[2].values,
            rest: outputs[3].values, restPhase: outputs[4].values, pitch: outputs[5].values)
        return (spectrum, outputs[6].values)
    }

    /// Where each phoneme ends, in samples.
    private static func ends(of frames: [Float], in count: Int) -> [Int] {
        let total = max(frames.reduce(0, +), 1)
        var sum: Float = 0
        return frames.map { length in
            sum += length
            return Int(Double(sum / total) * Double(count))
        }
    }
}

extension Character {
    /// How long a speaker rests there before the next clause.
    fileprivate var pauseMs: Int {
        switch self {
        case ".", "!", "?", "…": 280
        case ":", ";", "—": 180
        default: 90
        }
    }
}
