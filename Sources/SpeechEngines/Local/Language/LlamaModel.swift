import CLlama

/// A loaded GGUF model: weights, vocabulary and chat template.
///
/// `@unchecked Sendable` is safe because weights and vocabulary are only read, which llama.cpp allows from any thread.
final class LlamaModel: @unchecked Sendable {
    let library: LlamaLibrary
    let pointer: OpaquePointer
    let trainedContext: Int
    let vocabularySize: Int32
    private let vocabulary: OpaquePointer
    private let template: String
    private let path: String

    init(library: LlamaLibrary, path: String) throws(LocalEngineError) {
        var parameters = library.modelDefaults()
        parameters.n_gpu_layers = 0
        guard let pointer = library.loadModel(path, parameters), let vocabulary = library.vocabulary(pointer) else {
            throw .model(path: path, reason: "llama.cpp refuses it")
        }
        self.library = library
        self.path = path
        self.pointer = pointer
        self.vocabulary = vocabulary
        trainedContext = Int(library.trainedContext(pointer))
        vocabularySize = library.vocabularySize(vocabulary)
        template = library.chatTemplate(pointer, nil).map { String(cString: $0) } ?? "chatml"
    }

    deinit {
        library.freeModel(pointer)
    }

    /// The conversation in the model's own form, up to where the assistant speaks or, otherwise, to the end of the last
    /// message.
    func prompt(_ messages: [ChatMessage], answered: Bool = true) throws(LocalEngineError) -> String {
        let texts = CStringArray(messages.flatMap { [$0.role.rawValue, $0.text] })
        let list = messages.indices.map {
            parley_llama_message(role: texts.pointers[2 * $0], content: texts.pointers[2 * $0 + 1])
        }
        return try withExtendedLifetime(texts) { () throws(LocalEngineError) in
            let length = library.applyTemplate(template, list, list.count, answered, nil, 0)
            guard length >= 0 else { throw .model(path: path, reason: "its chat template is unknown to llama.cpp") }
            var buffer = [CChar](repeating: 0, count: Int(length))
            _ = library.applyTemplate(template, list, list.count, answered, &buffer, length)
            return String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Marks of the chat template count as such.
    func tokens(of text: String) -> [Int32] {
        let bytes = text.utf8.map { CChar(bitPattern: $0) }
        let length = Int32(clamping: bytes.count)
        // Never more tokens than bytes, but for the marks at both ends.
        var tokens = [Int32](repeating: 0, count: bytes.count + 2)
        let count = library.tokenize(vocabulary, bytes, length, &tokens, Int32(clamping: tokens.count), true, true)
        return Array(tokens.prefix(Int(max(count, 0))))
    }

    /// UTF-8 of one token, perhaps a part of a character; empty for marks.
    func bytes(of token: Int32) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = library.piece(vocabulary, token, &buffer, Int32(buffer.count), 0, false)
        return buffer.prefix(Int(max(count, 0))).map { UInt8(bitPattern: $0) }
    }

    func isEnd(_ token: Int32) -> Bool { library.isEnd(vocabulary, token) }
}

/// One turn of a chat as templates know it.
struct ChatMessage: Equatable, Sendable {
    enum Role: String, Sendable {
        case system, user, assistant
    }

    var role: Role
    var text: String
}
