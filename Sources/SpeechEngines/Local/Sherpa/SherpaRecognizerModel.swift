/// A recogniser that sherpa-onnx can load, told by the files of its directory.
struct SherpaRecognizerModel: Equatable, Sendable {
    /// With the files that it needs beside the vocabulary.
    enum Kind: Equatable, Sendable {
        /// Moonshine as first published, in four files.
        case moonshine(preprocessor: String, encoder: String, uncachedDecoder: String, cachedDecoder: String)
        /// Moonshine in two files.
        case moonshineMerged(encoder: String, decoder: String)
        case whisper(encoder: String, decoder: String)
        case transducer(encoder: String, decoder: String, joiner: String)
        case paraformer(String)
        case senseVoice(String)
    }

    var kind: Kind
    var tokens: String

    init(in directory: SherpaDirectory) throws(LocalEngineError) {
        guard let tokens = directory.tokens else { throw directory.refused("a recogniser needs tokens.txt") }
        self.tokens = tokens
        if let merged = directory.model("decoder_model_merged"), let encoder = directory.model("encoder_model") {
            kind = .moonshineMerged(encoder: encoder, decoder: merged)
        } else if let preprocessor = directory.model("preprocess"), let encoder = directory.model("encode"),
            let uncached = directory.model("uncached_decode"), let cached = directory.model(prefix: "cached_decode")
        {
            kind = .moonshine(
                preprocessor: preprocessor, encoder: encoder, uncachedDecoder: uncached, cachedDecoder: cached)
        } else if let encoder = directory.model("encoder"), let decoder = directory.model("decoder") {
            kind = try Self.pair(encoder, decoder, directory)
        } else {
            kind = try Self.single(directory)
        }
    }

    private static func pair(
        _ encoder: String, _ decoder: String, _ directory: SherpaDirectory
    ) throws(LocalEngineError) -> Kind {
        guard directory.metadata("decode_chunk_len", of: encoder) == nil else {
            throw directory.refused("this is a streaming recogniser, which Parley does not run")
        }
        guard let joiner = directory.model("joiner") else { return .whisper(encoder: encoder, decoder: decoder) }
        return .transducer(encoder: encoder, decoder: decoder, joiner: joiner)
    }

    /// What one file is, only the file itself says.
    private static func single(_ directory: SherpaDirectory) throws(LocalEngineError) -> Kind {
        guard let model = directory.soleModel else {
            throw directory.refused("no recogniser that Parley knows has these files")
        }
        switch directory.metadata("model_type", of: model) {
        case "sense_voice_ctc": return .senseVoice(model)
        case "paraformer": return .paraformer(model)
        case let type:
            throw directory.refused(
                "its one model is of the type \(type ?? "unknown"), not paraformer or sense_voice_ctc")
        }
    }
}
