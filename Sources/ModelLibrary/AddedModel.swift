package import Foundation

/// A model that the user put into the library: one file or a directory, with a record of what is known of it.
package struct AddedModel: Equatable, Sendable {
    /// What Parley can use it for.
    package enum Kind: String, Codable, Sendable {
        case languageModel = "language model"
        /// A directory for sherpa-onnx: a recogniser or a voice.
        case speech = "recogniser or voice"
    }

    /// `model.json` in the model's folder.
    package struct Record: Codable, Equatable, Sendable {
        package var kind: Kind
        package var licence: String
        package var provenance: String
        package var files: [File]

        /// Path below the folder.
        package struct File: Codable, Equatable, Sendable {
            package var name: String
            package var bytes: Int
            package var sha256: String
        }
    }

    static let recordName = "model.json"

    package let name: String
    package let folder: URL
    package let record: Record

    package var bytes: Int { record.files.reduce(0) { $0 + $1.bytes } }
    package var megabytes: Int { (bytes + 500_000) / 1_000_000 }

    /// Path of the GGUF file; nil for another kind.
    package var languageModel: String? {
        guard record.kind == .languageModel, let file = record.files.first else { return nil }
        return folder.appending(path: file.name).path
    }

    /// The line of the configuration that uses it.
    package var use: String {
        record.kind == .languageModel
            ? "models.language-model: \(name)" : "models.recogniser: \(name)   or   models.voice: \(name)"
    }

    /// Reads every byte.
    package func verify() throws(ModelError) {
        for file in record.files {
            let path = folder.appending(path: file.name).path
            guard FileManager.default.isReadableFile(atPath: path) else { throw .missing(path: path) }
            let found = try FileDigest.sha256(of: path)
            guard found == file.sha256 else { throw .wrongHash(path: path, found: found, expected: file.sha256) }
        }
    }

    /// Nil unless the folder has a readable record.
    init?(folder: URL) {
        guard let data = try? Data(contentsOf: folder.appending(path: Self.recordName)),
            let record = try? JSONDecoder().decode(Record.self, from: data)
        else { return nil }
        name = folder.lastPathComponent
        self.folder = folder
        self.record = record
    }
}

extension ModelDirectory {
    /// Of the name given when it was added.
    package func added(_ name: String) -> AddedModel? {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else { return nil }
        return AddedModel(folder: root.appending(path: name))
    }

    /// All of them, by name.
    package var added: [AddedModel] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.sorted().compactMap(added)
    }
}
