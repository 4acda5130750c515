import Foundation
import Testing

@testable import ModelLibrary

@Suite("GGUF headers")
struct GGUFHeaderTests {
    /// Version 3, no tensors, the given keys.
    static func file(_ entries: [[UInt8]]) -> Data {
        Data(Array("GGUF".utf8) + integer(3, 4) + integer(0, 8) + integer(UInt64(entries.count), 8) + entries.joined())
    }

    static func integer(_ value: UInt64, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    static func text(_ text: String) -> [UInt8] { integer(UInt64(text.utf8.count), 8) + Array(text.utf8) }

    static func entry(_ key: String, _ value: String) -> [UInt8] { text(key) + integer(8, 4) + text(value) }

    private static let model = [
        entry("general.architecture", "llama"), entry("general.name", "Small"),
        text("tokenizer.ggml.tokens") + integer(9, 4) + integer(8, 4) + integer(2, 8) + text("a") + text("bc"),
        text("tokenizer.ggml.scores") + integer(9, 4) + integer(6, 4) + integer(3, 8) + integer(0, 12),
        text("llama.context_length") + integer(4, 4) + integer(2048, 4),
        text("general.flag") + integer(7, 4) + [1], entry("tokenizer.chat_template", "{{ messages }}"),
    ]

    @Test("Name, context and chat template are found behind arrays and numbers")
    func reads() {
        #expect(
            GGUFHeader(parsing: Self.file(Self.model))
                == GGUFHeader(parsing: Self.file(Self.model + [Self.entry("other", "x")])))
        let header = GGUFHeader(parsing: Self.file(Self.model))
        #expect(header?.name == "Small")
        #expect(header?.contextTokens == 2048)
        #expect(header?.hasChatTemplate == true)
        #expect(GGUFHeader(parsing: Self.file(Self.model.dropLast()))?.hasChatTemplate == false)
    }

    @Test("A header cut off anywhere is refused, whatever its lengths claim")
    func cutOff() {
        let whole = Self.file(Self.model)
        for length in 4..<whole.count { #expect(GGUFHeader(parsing: whole.prefix(length)) == nil) }
        let claims = Self.text("k") + Self.integer(9, 4) + Self.integer(6, 4) + Self.integer(.max, 8)
        #expect(GGUFHeader(parsing: Self.file([claims])) == nil)
        #expect(GGUFHeader(parsing: Self.file([Self.text("k") + Self.integer(8, 4) + Self.integer(.max, 8)])) == nil)
    }

    @Test("Another file is told to be no GGUF, by its path")
    func otherFile() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("PK".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ModelError.malformed(path: path, reason: "it is no GGUF file")) { try GGUFHeader(path: path) }
    }
}
