import CLlama

/// The functions of llama.cpp that are used.
struct LlamaLibrary: Sendable {
    typealias Pointer = OpaquePointer

    let modelDefaults: @convention(c) () -> parley_llama_model_params
    let loadModel: @convention(c) (UnsafePointer<CChar>, parley_llama_model_params) -> Pointer?
    let freeModel: @convention(c) (Pointer) -> Void
    let contextDefaults: @convention(c) () -> parley_llama_context_params
    let makeContext: @convention(c) (Pointer, parley_llama_context_params) -> Pointer?
    let freeContext: @convention(c) (Pointer) -> Void
    let memory: @convention(c) (Pointer) -> Pointer?
    /// Sequence, then the positions from and to (-1: all).
    let removeFromMemory: @convention(c) (Pointer, Int32, Int32, Int32) -> Bool
    /// Source and destination sequence, then the positions from and to.
    let copyInMemory: @convention(c) (Pointer, Int32, Int32, Int32, Int32) -> Void
    let decode: @convention(c) (Pointer, parley_llama_batch) -> Int32
    let quantizeDefaults: @convention(c) () -> parley_llama_quantize_params
    /// From one file into another; 0 when it went well.
    let quantize:
        @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<parley_llama_quantize_params>) ->
            UInt32
    let vocabulary: @convention(c) (Pointer) -> Pointer?
    let vocabularySize: @convention(c) (Pointer) -> Int32
    let tokenize:
        @convention(c) (Pointer, UnsafePointer<CChar>, Int32, UnsafeMutablePointer<Int32>?, Int32, Bool, Bool) -> Int32
    let piece: @convention(c) (Pointer, Int32, UnsafeMutablePointer<CChar>, Int32, Int32, Bool) -> Int32
    let isEnd: @convention(c) (Pointer, Int32) -> Bool
    let trainedContext: @convention(c) (Pointer) -> Int32
    let chatTemplate: @convention(c) (Pointer, UnsafePointer<CChar>?) -> UnsafePointer<CChar>?
    let applyTemplate:
        @convention(c) (
            UnsafePointer<CChar>, UnsafePointer<parley_llama_message>, Int, Bool, UnsafeMutablePointer<CChar>?, Int32
        ) -> Int32
    let makeSampler: @convention(c) (parley_llama_sampler_params) -> Pointer?
    let addSampler: @convention(c) (Pointer, Pointer?) -> Void
    let topK: @convention(c) (Int32) -> Pointer?
    let topP: @convention(c) (Float, Int) -> Pointer?
    let temperature: @convention(c) (Float) -> Pointer?
    /// Vocabulary, last tokens, then repeat, frequency and presence penalty.
    let penalties: @convention(c) (Int32, Int32, Float, Float, Float) -> Pointer?
    let distribution: @convention(c) (UInt32) -> Pointer?
    /// Chooses from the output at the place in the batch, and remembers the choice.
    let sample: @convention(c) (Pointer, Pointer, Int32) -> Int32
    let freeSampler: @convention(c) (Pointer) -> Void

    init(path: String) throws(LocalEngineError) {
        let library = try DynamicLibrary(path: path)
        func bind<F>(_ name: String, _ type: F.Type = F.self) throws(LocalEngineError) -> F {
            try library.function("llama_" + name, as: type)
        }
        modelDefaults = try bind("model_default_params")
        loadModel = try bind("model_load_from_file")
        freeModel = try bind("model_free")
        contextDefaults = try bind("context_default_params")
        makeContext = try bind("init_from_model")
        freeContext = try bind("free")
        memory = try bind("get_memory")
        removeFromMemory = try bind("memory_seq_rm")
        copyInMemory = try bind("memory_seq_cp")
        decode = try bind("decode")
        quantizeDefaults = try bind("model_quantize_default_params")
        quantize = try bind("model_quantize")
        vocabulary = try bind("model_get_vocab")
        vocabularySize = try bind("vocab_n_tokens")
        tokenize = try bind("tokenize")
        piece = try bind("token_to_piece")
        isEnd = try bind("vocab_is_eog")
        trainedContext = try bind("model_n_ctx_train")
        chatTemplate = try bind("model_chat_template")
        applyTemplate = try bind("chat_apply_template")
        makeSampler = try bind("sampler_chain_init")
        addSampler = try bind("sampler_chain_add")
        topK = try bind("sampler_init_top_k")
        topP = try bind("sampler_init_top_p")
        temperature = try bind("sampler_init_temp")
        penalties = try bind("sampler_init_penalties")
        distribution = try bind("sampler_init_dist")
        sample = try bind("sampler_sample")
        freeSampler = try bind("sampler_free")
        try bind("log_set", (@convention(c) (LogCallback?, UnsafeMutableRawPointer?) -> Void).self)({ _, _, _ in }, nil)
        try bind("backend_init", (@convention(c) () -> Void).self)()
    }

    /// Writes the model with weights that are read half as fast again, at about the same quality and size.
    func requantize(_ path: String, into output: String) throws(LocalEngineError) {
        var parameters = quantizeDefaults()
        parameters.file_type = Int32(parley_llama_q4_0)
        parameters.allow_requantize = true
        parameters.threads = 1
        let status = quantize(path, output, &parameters)
        guard status == 0 else { throw .model(path: path, reason: "requantizing it gave \(status)") }
    }

    private typealias LogCallback =
        @convention(c) (Int32, UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void
}
