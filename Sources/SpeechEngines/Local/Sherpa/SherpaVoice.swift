import CSherpaONNX

/// A loaded voice of sherpa-onnx; run by its lane alone.
///
/// `@unchecked Sendable` is safe because the pointers never change, and only the lane's thread speaks.
final class SherpaVoice: @unchecked Sendable {
    private let library: SherpaLibrary
    private let voice: OpaquePointer
    private let path: String
    let speakerCount: Int

    init(library: SherpaLibrary, model: SherpaVoiceModel) throws(LocalEngineError) {
        let texts = CStringArray([model.tokens, model.lexicons ?? "", model.rules ?? "", "cpu"] + model.kind.files)
        var config = parley_sherpa_voice_config()
        config.model.num_threads = 1
        config.model.provider = texts.pointers[3]
        config.rule_fsts = texts.pointers[2]
        config.max_num_sentences = 1
        config.silence_scale = 1
        model.kind.fill(
            &config.model, from: Array(texts.pointers[4...]), tokens: texts.pointers[0], lexicons: texts.pointers[1])
        let made = library.createVoice(&config)
        _ = texts
        guard let made else { throw .model(path: model.tokens, reason: "sherpa-onnx refuses the voice beside it") }
        self.library = library
        path = model.tokens
        voice = made
        speakerCount = Int(max(library.speakerCount(made), 1))
    }

    deinit {
        library.destroyVoice(voice)
    }

    /// Mono samples of -1 to 1.
    struct Sound {
        var samples: [Float]
        var hertz: Int
    }

    /// - Parameter phonemes: spoken instead of the text, where they are given; the text is looked up in dictionaries.
    func speak(
        _ text: String, phonemes: String?, speaker: Int, speed: Double
    ) throws(LocalEngineError) -> Sound {
        var config = parley_sherpa_speech_config()
        config.silence_scale = 1
        config.speed = Float(speed)
        config.sid = Int32(clamping: speaker)
        let codepoints = (phonemes ?? "").unicodeScalars.map { Int32(bitPattern: $0.value) }
        let length = [Int32(clamping: codepoints.count)]
        let speech = codepoints.withUnsafeBufferPointer { codepoints in
            length.withUnsafeBufferPointer { length in
                if phonemes != nil {
                    config.phoneme_codepoints = codepoints.baseAddress
                    config.phoneme_codepoints_lens = length.baseAddress
                    config.phoneme_codepoints_num_sentences = 1
                }
                return library.speak(voice, text, &config, nil, nil)
            }
        }
        guard let speech else { throw .output(model: path, reason: "sherpa-onnx says nothing to this text") }
        defer { library.destroySpeech(speech) }
        let count = Int(max(speech.pointee.n, 0))
        let samples = speech.pointee.samples.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
        return Sound(samples: samples, hertz: Int(speech.pointee.sample_rate))
    }

    /// The same sound at another rate.
    func resampled(_ sound: Sound, to hertz: Int) throws(LocalEngineError) -> [Float] {
        guard sound.hertz != hertz else { return sound.samples }
        let highest = Float(min(sound.hertz, hertz)) / 2 * 0.99
        let filterZeros: Int32 = 6
        guard
            let resampler = library.createResampler(
                Int32(clamping: sound.hertz), Int32(clamping: hertz), highest, filterZeros)
        else { throw .output(model: path, reason: "no resampler from \(sound.hertz) Hz") }
        defer { library.destroyResampler(resampler) }
        let count = Int32(clamping: sound.samples.count)
        guard let output = library.resample(resampler, sound.samples, count, 1) else {
            throw .output(model: path, reason: "cannot be resampled from \(sound.hertz) Hz")
        }
        defer { library.destroyResampled(output) }
        let written = Int(max(output.pointee.n, 0))
        return output.pointee.samples.map { Array(UnsafeBufferPointer(start: $0, count: written)) } ?? []
    }
}

extension SherpaVoiceModel.Kind {
    fileprivate var files: [String] {
        switch self {
        case .kokoro(let model, let voices): [model, voices]
        case .matcha(let model, let vocoder): [model, vocoder]
        case .vits(let model): [model]
        }
    }

    /// - Parameter files: C strings of `files`.
    fileprivate func fill(
        _ model: inout parley_sherpa_voice_model, from files: [UnsafePointer<CChar>?], tokens: UnsafePointer<CChar>?,
        lexicons: UnsafePointer<CChar>?
    ) {
        switch self {
        case .kokoro:
            model.kokoro.model = files[0]
            model.kokoro.voices = files[1]
            model.kokoro.tokens = tokens
            model.kokoro.lexicon = lexicons
            model.kokoro.length_scale = 1
        case .matcha:
            model.matcha.acoustic_model = files[0]
            model.matcha.vocoder = files[1]
            model.matcha.tokens = tokens
            model.matcha.lexicon = lexicons
            // The values that sherpa-onnx itself takes where nothing is said.
            model.matcha.noise_scale = 0.667
            model.matcha.length_scale = 1
        case .vits:
            model.vits.model = files[0]
            model.vits.tokens = tokens
            model.vits.lexicon = lexicons
            model.vits.noise_scale = 0.667
            model.vits.noise_scale_w = 0.8
            model.vits.length_scale = 1
        }
    }
}
