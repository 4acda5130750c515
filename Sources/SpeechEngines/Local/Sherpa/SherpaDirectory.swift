import Foundation

/// The files of a directory that holds a model for sherpa-onnx, found by the names that sherpa-onnx's own models have.
struct SherpaDirectory: Sendable {
    let path: String
    private let names: [String]

    init(path: String) throws(LocalEngineError) {
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw .model(path: path, reason: error.localizedDescription)
        }
        self.path = path
    }

    /// The first file whose name has one of the words and the ending; one with weights of eight bits before others.
    func file(_ words: [String], endings: [String]) -> String? {
        let matching = names.filter { name in
            endings.contains(where: name.hasSuffix) && words.contains { name.lowercased().contains($0) }
        }
        return (matching.first { $0.contains("int8") } ?? matching.first).map(full)
    }

    func model(_ words: String...) -> String? { file(words, endings: [".onnx", ".ort"]) }

    func model(prefix: String) -> String? {
        names.first { $0.hasPrefix(prefix) && ($0.hasSuffix(".onnx") || $0.hasSuffix(".ort")) }.map(full)
    }

    /// The only model of the directory, whatever its name.
    var soleModel: String? {
        let models = names.filter { $0.hasSuffix(".onnx") }
        let small = models.filter { $0.contains("int8") }
        if small.count == 1 { return full(small[0]) }
        return models.count == 1 ? full(models[0]) : nil
    }

    var tokens: String? { file(["tokens"], endings: [".txt"]) }

    /// Paths with commas between them, as sherpa-onnx takes several; nil for none.
    func list(_ word: String, ending: String) -> String? {
        let matching = names.filter { (word.isEmpty || $0.contains(word)) && $0.hasSuffix(ending) }
        return matching.isEmpty ? nil : matching.map(full).joined(separator: ",")
    }

    func contents(of name: String) -> String? {
        names.contains(name) ? try? String(contentsOfFile: full(name), encoding: .utf8) : nil
    }

    /// What a model's own metadata says; it stands at the file's end, where exporters write it (onnx.proto, field 14).
    func metadata(_ key: String, of model: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: model) else { return nil }
        defer { try? file.close() }
        guard let size = try? file.seekToEnd(),
            (try? file.seek(toOffset: size > Self.tailBytes ? size - Self.tailBytes : 0)) != nil,
            let tail = try? file.readToEnd()
        else { return nil }
        // Key and value are strings with one byte of length each: 0x0A length key 0x12 length value.
        let mark = Data([0x0A, UInt8(clamping: key.utf8.count)] + Array(key.utf8) + [0x12])
        guard let place = tail.range(of: mark), place.upperBound < tail.endIndex else { return nil }
        let start = tail.index(after: place.upperBound)
        let end = start + Int(tail[place.upperBound])
        guard end <= tail.endIndex else { return nil }
        return String(decoding: tail[start..<end], as: UTF8.self)
    }

    func refused(_ reason: String) -> LocalEngineError {
        .model(path: path, reason: "\(reason); it has \(names.prefix(20).joined(separator: ", "))")
    }

    private static let tailBytes: UInt64 = 1 << 18

    private func full(_ name: String) -> String { path + "/" + name }
}
