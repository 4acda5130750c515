import CSherpaONNX

/// The functions of sherpa-onnx that are used, of the one version whose layouts are declared.
struct SherpaLibrary: Sendable {
    typealias Pointer = OpaquePointer

    let createRecognizer: @convention(c) (UnsafePointer<parley_sherpa_recognizer_config>) -> Pointer?
    let destroyRecognizer: @convention(c) (Pointer) -> Void
    let createStream: @convention(c) (Pointer) -> Pointer?
    let destroyStream: @convention(c) (Pointer) -> Void
    /// Samples of -1 to 1 at the given rate.
    let acceptWaveform: @convention(c) (Pointer, Int32, UnsafePointer<Float>, Int32) -> Void
    let decode: @convention(c) (Pointer, Pointer) -> Void
    let result: @convention(c) (Pointer) -> UnsafePointer<parley_sherpa_result>?
    let destroyResult: @convention(c) (UnsafePointer<parley_sherpa_result>) -> Void

    let createVoice: @convention(c) (UnsafePointer<parley_sherpa_voice_config>) -> Pointer?
    let destroyVoice: @convention(c) (Pointer) -> Void
    let speakerCount: @convention(c) (Pointer) -> Int32
    /// Text, how to speak it, and a callback with its argument, which are not used.
    let speak:
        @convention(c) (
            Pointer, UnsafePointer<CChar>, UnsafePointer<parley_sherpa_speech_config>, OpaquePointer?, OpaquePointer?
        ) -> UnsafePointer<parley_sherpa_speech>?
    let destroySpeech: @convention(c) (UnsafePointer<parley_sherpa_speech>) -> Void

    /// Rates in and out, the highest frequency kept, and how long the filter is.
    let createResampler: @convention(c) (Int32, Int32, Float, Int32) -> Pointer?
    let destroyResampler: @convention(c) (Pointer) -> Void
    /// 1 at the end takes what is left in the filter.
    let resample:
        @convention(c) (Pointer, UnsafePointer<Float>, Int32, Int32) -> UnsafePointer<parley_sherpa_resampled>?
    let destroyResampled: @convention(c) (UnsafePointer<parley_sherpa_resampled>) -> Void

    init(path: String) throws(LocalEngineError) {
        let library = try DynamicLibrary(path: path)
        let version = try library.function(
            "SherpaOnnxGetVersionStr", as: (@convention(c) () -> UnsafePointer<CChar>?).self)
        let found = version().map { String(cString: $0) } ?? "none"
        guard found == PARLEY_SHERPA_VERSION else {
            throw .library(path: path, reason: "its version is \(found), not \(PARLEY_SHERPA_VERSION)")
        }
        func bind<F>(_ name: String, _ type: F.Type = F.self) throws(LocalEngineError) -> F {
            try library.function("SherpaOnnx" + name, as: type)
        }
        createRecognizer = try bind("CreateOfflineRecognizer")
        destroyRecognizer = try bind("DestroyOfflineRecognizer")
        createStream = try bind("CreateOfflineStream")
        destroyStream = try bind("DestroyOfflineStream")
        acceptWaveform = try bind("AcceptWaveformOffline")
        decode = try bind("DecodeOfflineStream")
        result = try bind("GetOfflineStreamResult")
        destroyResult = try bind("DestroyOfflineRecognizerResult")
        createVoice = try bind("CreateOfflineTts")
        destroyVoice = try bind("DestroyOfflineTts")
        speakerCount = try bind("OfflineTtsNumSpeakers")
        speak = try bind("OfflineTtsGenerateWithConfig")
        destroySpeech = try bind("DestroyOfflineTtsGeneratedAudio")
        createResampler = try bind("CreateLinearResampler")
        destroyResampler = try bind("DestroyLinearResampler")
        resample = try bind("LinearResamplerResample")
        destroyResampled = try bind("LinearResamplerResampleFree")
    }
}
