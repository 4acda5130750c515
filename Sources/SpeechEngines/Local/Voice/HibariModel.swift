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

    /// A stretch of speech.
    struct Speech: Sendable {
        /// Mono Int16 at 24 kHz.
        var samples: [Int16] = []
        /// Those of the whole text come with the first stretch; in samples from the text's first.
        var words: [HibariUtterance.Word] = []

        fileprivate mutating func append(_ next: Speech) {
            let offset = samples.count
            words += next.words.map { word in
                (word.text, word.range.lowerBound + offset..<word.range.upperBound + offset)
            }
            samples += next.samples
        }
    }

    /// Speaks a text stretch by stretch, so that the first is heard while the others are made.
    ///
    /// - Parameters:
    ///   - speed: 1 is the voice's own pace.
    ///   - give: called with each stretch; false when nobody wants more.
    func speak(
        _ text: String, preset: VoicePreset, speed: Double, give: (Speech) -> Bool
    ) throws(LocalEngineError) {
        // All parts but the last of a text that is too long for the network are whole before the first sound is given, since
        // where they end is where the words of the last begin.
        let parts = try frontEnd.sentences(of: text, maxPhonemes: Self.maxPhonemes)
        var speech = Speech()
        for (index, part) in parts.enumerated() {
            var utterance = try utterance(of: part, preset, speed)
            while let next = utterance.next(from: vocoder) {
                speech.append(next)
                guard index == parts.count - 1, !speech.samples.isEmpty else { continue }
                guard give(speech) else { return }
                speech = Speech()
            }
        }
        if !speech.samples.isEmpty { _ = give(speech) }
    }

    /// What the network makes of a part of a text.
    private func utterance(
        of part: [EnglishFrontEnd.Word], _ preset: VoicePreset, _ speed: Double
    ) throws(LocalEngineError) -> HibariUtterance {
        // The network wants a blank at both ends.
        var inputs: [Int64] = [0]
        var places: [Range<Int>] = []
        for (index, word) in part.enumerated() {
            if index > 0, let space = ids[" "] { inputs.append(space) }
            let start = inputs.count
            inputs += word.phonemes.compactMap { ids[$0] }
            places.append(start..<inputs.count)
            if let pause = word.pause.flatMap({ ids[$0] }) { inputs.append(pause) }
        }
        inputs.append(0)
        var (spectrum, frames) = try spectrum(of: inputs, speed: speed)
        preset.apply(to: &spectrum)
        let ends = Self.ends(of: frames, in: spectrum.frames * HibariVocoder.hop)
        let words = zip(part, places).filter { !$1.isEmpty }.map { word, place in
            (word.text, ends[place.lowerBound - 1]..<ends[place.upperBound - 1])
        }
        return HibariUtterance(
            sound: vocoder.begin(spectrum), words: words, pauseMs: part.last?.pause?.pauseMs ?? 0)
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
