import CSherpaONNX

/// A loaded recogniser of sherpa-onnx; run by its lane alone.
final class SherpaRecognizer: @unchecked Sendable {
    // The pointer never changes; sherpa-onnx's offline recognisers keep no state between streams.
    private let library: SherpaLibrary
    private let recognizer: OpaquePointer

    /// Files of a Moonshine model in its two-file form.
    struct MoonshineFiles: Sendable {
        var encoder: String
        var mergedDecoder: String
        var tokens: String
    }

    init(library: SherpaLibrary, moonshine files: MoonshineFiles) throws(LocalEngineError) {
        let texts = CStringArray([files.encoder, files.mergedDecoder, files.tokens, "cpu", "greedy_search"])
        var config = parley_sherpa_recognizer_config()
        config.sample_rate = 16000
        config.feature_dim = 80
        config.model.moonshine.encoder = texts.pointers[0]
        config.model.moonshine.merged_decoder = texts.pointers[1]
        config.model.tokens = texts.pointers[2]
        config.model.num_threads = 1
        config.model.provider = texts.pointers[3]
        config.decoding_method = texts.pointers[4]
        let made = library.createRecognizer(&config)
        _ = texts
        guard let made else { throw .model(path: files.encoder, reason: "sherpa-onnx refuses it") }
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
