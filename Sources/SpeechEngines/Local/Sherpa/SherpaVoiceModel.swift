/// A voice that sherpa-onnx can load, told by the files of its directory.
struct SherpaVoiceModel: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case kokoro(model: String, voices: String)
        case matcha(model: String, vocoder: String)
        /// Piper's voices are of this kind, too.
        case vits(String)
    }

    var kind: Kind
    var tokens: String
    /// Dictionaries that sherpa-onnx looks words up in; without one the English front end reads to the voice.
    var lexicons: String?
    /// Rules by which sherpa-onnx writes out numbers and dates, for text that it looks up.
    var rules: String?
    /// Names of the speakers in the order of their numbers, of `speakers.txt`; without it numbers are their names.
    var speakers: [String]

    init(in directory: SherpaDirectory) throws(LocalEngineError) {
        guard let tokens = directory.tokens else { throw directory.refused("a voice needs tokens.txt") }
        self.tokens = tokens
        lexicons = directory.list("lexicon", ending: ".txt")
        rules = directory.list("", ending: ".fst")
        speakers = directory.contents(of: "speakers.txt")?.split(whereSeparator: \.isNewline).map(String.init) ?? []
        kind = try Self.kind(of: directory)
    }

    private static func kind(of directory: SherpaDirectory) throws(LocalEngineError) -> Kind {
        if let vocoder = directory.model("vocos", "hifigan", "vocoder") {
            guard let model = directory.model("model", "acoustic") else {
                throw directory.refused("a vocoder without its acoustic model")
            }
            return .matcha(model: model, vocoder: vocoder)
        }
        guard let model = directory.soleModel else {
            throw directory.refused("no voice that Parley knows has these files")
        }
        guard directory.metadata("sample_rate", of: model) != nil else {
            throw directory.refused("the model does not say its sample rate, as models made for sherpa-onnx do")
        }
        guard let voices = directory.file(["voices"], endings: [".bin"]) else { return .vits(model) }
        let type = directory.metadata("model_type", of: model) ?? "kokoro"
        guard type.hasPrefix("kokoro") else { throw directory.refused("voices of the type \(type) are not known") }
        return .kokoro(model: model, voices: voices)
    }

    /// Whether the model was trained on eSpeak's phonemes instead of Kokoro's.
    var speaksEspeak: Bool {
        if case .kokoro = kind { false } else { true }
    }
}
