import CSherpaONNX

/// A loaded recogniser of sherpa-onnx; run by its lane alone.
///
/// `@unchecked Sendable` is safe because the pointer never changes, and sherpa-onnx's offline recognisers keep no state between streams.
final class SherpaRecognizer: @unchecked Sendable {
    private let library: SherpaLibrary
    private let recognizer: OpaquePointer

    init(library: SherpaLibrary, model: SherpaRecognizerModel) throws(LocalEngineError) {
        let texts = CStringArray(model.texts + ["cpu", "greedy_search"])
        var config = parley_sherpa_recognizer_config()
        config.sample_rate = 16000
        config.feature_dim = 80
        config.model.tokens = texts.pointers[0]
        config.model.num_threads = 1
        config.model.provider = texts.pointers[texts.pointers.count - 2]
        config.decoding_method = texts.pointers[texts.pointers.count - 1]
        model.kind.fill(&config.model, from: Array(texts.pointers[1...]))
        let made = library.createRecognizer(&config)
        _ = texts
        guard let made else { throw .model(path: model.tokens, reason: "sherpa-onnx refuses the model beside it") }
        self.library = library
        recognizer = made
    }

    deinit {
        library.destroyRecognizer(recognizer)
    }

    /// What is said in mono samples of -1 to 1 at 16 kHz.
    func text(of samples: [Float]) throws(LocalEngineError) -> String {
        guard let stream = library.createStream(recognizer) else {
            throw .output(model: "sherpa-onnx", reason: "no stream")
        }
        defer { library.destroyStream(stream) }
        library.acceptWaveform(stream, 16000, samples, Int32(clamping: samples.count))
        library.decode(recognizer, stream)
        guard let result = library.result(stream) else { throw .output(model: "sherpa-onnx", reason: "no result") }
        defer { library.destroyResult(result) }
        return result.pointee.text.map { String(cString: $0) } ?? ""
    }
}

extension SherpaRecognizerModel {
    /// The vocabulary, then the files in the order of their kind.
    fileprivate var texts: [String] { [tokens] + kind.files }
}

extension SherpaRecognizerModel.Kind {
    fileprivate var files: [String] {
        switch self {
        case .moonshine(let preprocessor, let encoder, let uncached, let cached):
            [preprocessor, encoder, uncached, cached]
        case .moonshineMerged(let encoder, let decoder), .whisper(let encoder, let decoder): [encoder, decoder]
        case .transducer(let encoder, let decoder, let joiner): [encoder, decoder, joiner]
        case .paraformer(let model), .senseVoice(let model): [model]
        }
    }

    /// - Parameter files: C strings of `files`.
    fileprivate func fill(_ model: inout parley_sherpa_offline_model, from files: [UnsafePointer<CChar>?]) {
        switch self {
        case .moonshine:
            model.moonshine.preprocessor = files[0]
            model.moonshine.encoder = files[1]
            model.moonshine.uncached_decoder = files[2]
            model.moonshine.cached_decoder = files[3]
        case .moonshineMerged:
            model.moonshine.encoder = files[0]
            model.moonshine.merged_decoder = files[1]
        case .whisper:
            model.whisper.encoder = files[0]
            model.whisper.decoder = files[1]
        case .transducer:
            model.transducer.encoder = files[0]
            model.transducer.decoder = files[1]
            model.transducer.joiner = files[2]
        case .paraformer: model.paraformer = files[0]
        case .senseVoice: model.sense_voice.model = files[0]
        }
    }
}
