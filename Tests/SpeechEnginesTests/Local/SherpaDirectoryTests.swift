import Foundation
import RealtimeProtocol
import Testing

@testable import SpeechEngines

@Suite("Model directories for sherpa-onnx")
struct SherpaDirectoryTests {
    /// A directory of empty files; one of them may end as an exporter's metadata does.
    @discardableResult
    private static func with<Result>(
        _ files: [String], metadata: (key: String, value: String)? = nil, _ body: (SherpaDirectory) throws -> Result
    ) throws -> Result {
        let place = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        for file in files {
            var bytes: [UInt8] = [1, 2, 3]
            if let (key, value) = metadata, file.hasSuffix(".onnx") {
                bytes += [0x72, UInt8(key.utf8.count + value.utf8.count + 4), 0x0A, UInt8(key.utf8.count)]
                bytes += Array(key.utf8) + [0x12, UInt8(value.utf8.count)] + Array(value.utf8)
            }
            try Data(bytes).write(to: place.appending(path: file))
        }
        return try body(try SherpaDirectory(path: place.path))
    }

    /// The kind's name and its files' names.
    private static func recogniser(_ files: [String], metadata: (key: String, value: String)? = nil) throws -> String {
        try with(files + ["tokens.txt"], metadata: metadata) { directory in
            "\(try SherpaRecognizerModel(in: directory).kind)".replacing(directory.path + "/", with: "")
        }
    }

    @Test("A recogniser's kind is told by its files, and weights of eight bits are taken first")
    func recognisers() throws {
        #expect(
            try Self.recogniser(["encoder_model.ort", "decoder_model_merged.ort"])
                == #"moonshineMerged(encoder: "encoder_model.ort", decoder: "decoder_model_merged.ort")"#)
        #expect(
            try Self.recogniser([
                "preprocess.onnx", "encode.int8.onnx", "uncached_decode.int8.onnx", "cached_decode.int8.onnx",
            ])
                == #"moonshine(preprocessor: "preprocess.onnx", encoder: "encode.int8.onnx", "#
                + #"uncachedDecoder: "uncached_decode.int8.onnx", cachedDecoder: "cached_decode.int8.onnx")"#)
        #expect(
            try Self.recogniser([
                "tiny.en-encoder.onnx", "tiny.en-encoder.int8.onnx", "tiny.en-decoder.onnx",
                "tiny.en-decoder.int8.onnx",
            ]) == #"whisper(encoder: "tiny.en-encoder.int8.onnx", decoder: "tiny.en-decoder.int8.onnx")"#)
        #expect(
            try Self.recogniser(["encoder-epoch-99.onnx", "decoder-epoch-99.onnx", "joiner-epoch-99.onnx"])
                == #"transducer(encoder: "encoder-epoch-99.onnx", decoder: "decoder-epoch-99.onnx", "#
                + #"joiner: "joiner-epoch-99.onnx")"#)
    }

    @Test("One model alone says itself what it is")
    func single() throws {
        #expect(
            try Self.recogniser(["model.int8.onnx"], metadata: ("model_type", "sense_voice_ctc"))
                == #"senseVoice("model.int8.onnx")"#)
        #expect(
            try Self.recogniser(["model.onnx"], metadata: ("model_type", "paraformer")) == #"paraformer("model.onnx")"#)
    }

    @Test(
        "What cannot run is refused with the directory's name and what is in it",
        arguments: [["model.onnx"], ["notes.md"], ["encoder.onnx", "decoder.onnx"]])
    func refused(files: [String]) throws {
        try Self.with(files + ["tokens.txt"], metadata: ("decode_chunk_len", "32")) { directory in
            #expect {
                try SherpaRecognizerModel(in: directory)
            } throws: { error in
                "\(error)".contains(directory.path) && "\(error)".contains(files[0])
            }
        }
    }

    @Test("Kokoro, Matcha and VITS voices; dictionaries, rules and speakers are found")
    func voices() throws {
        let rate = (key: "sample_rate", value: "24000")
        try Self.with(["model.onnx", "voices.bin", "tokens.txt"], metadata: rate) { directory in
            let model = try SherpaVoiceModel(in: directory)
            #expect(
                model.kind
                    == .kokoro(model: directory.path + "/model.onnx", voices: directory.path + "/voices.bin"))
            #expect(!model.speaksEspeak)
            #expect(model.lexicons == nil)
        }
        try Self.with(["model-steps-3.onnx", "vocos-22khz.onnx", "tokens.txt", "lexicon.txt", "date.fst"]) {
            directory in
            let model = try SherpaVoiceModel(in: directory)
            guard case .matcha = model.kind else { return #expect(Bool(false), "\(model.kind)") }
            #expect(model.lexicons == directory.path + "/lexicon.txt")
            #expect(model.rules == directory.path + "/date.fst")
        }
        try Self.with(["en_US-joe-medium.onnx", "tokens.txt"], metadata: rate) { directory in
            let model = try SherpaVoiceModel(in: directory)
            #expect(model.kind == .vits(directory.path + "/en_US-joe-medium.onnx"))
            #expect(model.speaksEspeak)
        }
    }

    @Test("A model that does not say its sample rate is refused before sherpa-onnx ends the process over it")
    func withoutMetadata() throws {
        try Self.with(["model.onnx", "voices.bin", "tokens.txt"]) { directory in
            #expect(throws: LocalEngineError.self) { try SherpaVoiceModel(in: directory) }
        }
    }

    @Test("Kokoro's phonemes as eSpeak writes them: diphthongs, affricates, long vowels, vowels with r")
    func espeak() {
        #expect(EspeakPhonemes.phonemes("həlˈO wˈɜɹld, ʤˈʌʤ ʧˈiz fˈɑðəɹ.") == "həlˈoʊ wˈɜːld, dʒˈʌdʒ tʃˈiːz fˈɑːðɚ.")
    }

    @Test("Estimated word times follow one another, cover the speech and go by how much there is to say")
    func times() {
        let times = SherpaSynthesizer.times(of: [("a", 1), ("banana", 6), ("tree", 3)], durationMs: 1000)
        #expect(
            times == [
                WordTiming(text: "a", startMs: 0, endMs: 100), WordTiming(text: "banana", startMs: 100, endMs: 700),
                WordTiming(text: "tree", startMs: 700, endMs: 1000),
            ])
        #expect(SherpaSynthesizer.times(of: [], durationMs: 500).isEmpty)
    }

    @Test("Every name of the Realtime API has a voice, its own where it is known, and an unknown name has none")
    func table() {
        let kokoro = SherpaSynthesizer.table(["af_heart", "am_michael", "bm_fable"])
        #expect(kokoro.index(of: .named("marin")) == 0)
        #expect(kokoro.index(of: .named("cedar")) == 1)
        #expect(kokoro.index(of: .named("ballad")) == 2)
        #expect(kokoro.index(of: .named("bm_fable")) == 2)
        #expect(kokoro.index(of: .named("nobody")) == nil)
        #expect(kokoro.mapping.count == VoiceTable.realtimeNames.count)
        #expect(kokoro.entries[2].description == "man, British English")
        let single = SherpaSynthesizer.table(["0"])
        #expect(VoiceTable.realtimeNames.allSatisfy { single.index(of: .named($0)) == 0 })
        #expect(VoicePreset.table.mapping.count == VoiceTable.realtimeNames.count)
        #expect(VoicePreset.all.allSatisfy { VoicePreset.named(.named($0.name)) == $0.preset })
        #expect(VoicePreset.named(.named("echo")) == VoicePreset.named(.named("cedar")))
        #expect(VoicePreset.named(.named("nobody")) == .plain)
    }
}
