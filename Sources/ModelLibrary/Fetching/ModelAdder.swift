import Foundation

/// Puts a user's own model into the model directory: a GGUF file, or a directory for sherpa-onnx, from this machine or from
/// a URL whose contents are known by their hash.
package struct ModelAdder {
    /// Where the model comes from.
    package enum Source: Equatable, Sendable {
        /// A file or a directory.
        case path(String)
        /// A GGUF file or an archive (.tar.bz2, .tar.gz, .zip).
        case url(String, sha256: String)
    }

    private let directory: ModelDirectory
    private let report: (FetchEvent) -> Void

    package init(directory: ModelDirectory, report: @escaping (FetchEvent) -> Void) {
        self.directory = directory
        self.report = report
    }

    /// The model appears whole or not at all; an interrupted download goes on where it was.
    ///
    /// - Parameters:
    ///   - licence: as the user knows it; of a GGUF file its own word counts where none is given.
    ///   - provenance: where the user has it from; nil is the source itself.
    package func add(
        _ name: String, from source: Source, licence: String?, provenance: String?
    ) throws(ModelError) -> AddedModel {
        try check(name)
        let lock = try FetchLock(
            directory.root, waiting: { report(.step("Waiting for another fetch into \(directory.root.path)")) })
        defer { lock.release() }
        let work = directory.root.appending(path: ".adding-\(name)")
        let made = work.appending(path: "made")
        try? FileManager.default.removeItem(at: work)
        try attempt(work) { try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true) }
        defer { try? FileManager.default.removeItem(at: work) }
        switch source {
        case .path(let path): try copy(path, into: made)
        case .url(let url, let sha256): try unpack(try download(url, sha256), named: url, into: made)
        }
        try PiperVoice.prepare(made)
        let record = try record(of: made, licence: licence, provenance: provenance ?? source.words)
        let folder = directory.root.appending(path: name)
        try attempt(folder) {
            try JSONEncoder().encode(record).write(to: made.appending(path: AddedModel.recordName))
            try FileManager.default.moveItem(at: made, to: folder)
        }
        if case .url(_, let sha256) = source { try? FileManager.default.removeItem(at: partial(sha256)) }
        guard let model = directory.added(name) else { throw .malformed(path: folder.path, reason: "it has no record") }
        return model
    }

    /// Takes an added model out of the directory.
    package func remove(_ name: String) throws(ModelError) {
        guard let model = directory.added(name) else {
            throw .missing(path: directory.root.appending(path: name).path)
        }
        try attempt(model.folder) { try FileManager.default.removeItem(at: model.folder) }
    }

    private func check(_ name: String) throws(ModelError) {
        let good =
            name.first?.isLetter == true && name.utf8.count <= 64
            && name.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                    || byte == 0x2D || byte == 0x2E || byte == 0x5F
            }
        let path = directory.root.appending(path: name).path
        guard good else {
            throw .unwritable(
                path: path, reason: "a model's name is up to 64 letters, digits and . - _, a letter first")
        }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw .unwritable(path: path, reason: "there is a model of this name already (parley models remove)")
        }
    }

    // MARK: Sources

    private func copy(_ path: String, into made: URL) throws(ModelError) {
        let source = URL(fileURLWithPath: path)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw .missing(path: path)
        }
        report(.step("Copying \(path)"))
        guard isDirectory.boolValue else {
            let target = made.appending(path: source.lastPathComponent)
            return try attempt(made) { try FileManager.default.copyItem(at: source, to: target) }
        }
        try attempt(made) {
            for entry in try FileManager.default.contentsOfDirectory(atPath: path) {
                try FileManager.default.copyItem(at: source.appending(path: entry), to: made.appending(path: entry))
            }
        }
    }

    private func partial(_ sha256: String) -> URL {
        directory.root.appending(path: ".archives").appending(path: sha256)
    }

    /// With curl, which knows every proxy and resumes where an earlier try ended.
    private func download(_ url: String, _ sha256: String) throws(ModelError) -> URL {
        let target = partial(sha256)
        let folder = target.deletingLastPathComponent()
        try attempt(folder) { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        if FileManager.default.fileExists(atPath: target.path), try FileDigest.sha256(of: target.path) == sha256 {
            return target
        }
        report(.step("Downloading \(url)"))
        let name = URL(string: url)?.lastPathComponent ?? "download"
        let tell = { report(.progress(name: name, bytes: Self.bytes(of: target), total: nil)) }
        let command = [
            "curl", "--fail", "--location", "--silent", "--show-error", "--retry", "3", "--continue-at", "-",
            "--output",
            target.path, "--", url,
        ]
        try CommandLineTool(directory: folder).run(command, watch: tell)
        tell()
        let found = try FileDigest.sha256(of: target.path)
        guard found == sha256 else {
            try? FileManager.default.removeItem(at: target)
            throw .wrongHash(path: url, found: found, expected: sha256)
        }
        return target
    }

    private func unpack(_ file: URL, named url: String, into made: URL) throws(ModelError) {
        let name = URL(string: url)?.lastPathComponent ?? "model"
        let tool = CommandLineTool(directory: made)
        if name.hasSuffix(".zip") {
            try tool.run(["python3", "-m", "zipfile", "-e", file.path, made.path])
        } else if [".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar"].contains(where: name.hasSuffix) {
            try tool.run(["tar", "-xf", file.path, "-C", made.path])
        } else {
            return try attempt(made) {
                try FileManager.default.copyItem(at: file, to: made.appending(path: name))
            }
        }
        try lift(made)
    }

    /// Archives of models hold one folder with everything in it.
    private func lift(_ made: URL) throws(ModelError) {
        try attempt(made) {
            let entries = try FileManager.default.contentsOfDirectory(atPath: made.path)
            guard entries.count == 1 else { return }
            let inner = made.appending(path: entries[0])
            for entry in (try? FileManager.default.contentsOfDirectory(atPath: inner.path)) ?? [] {
                try FileManager.default.moveItem(at: inner.appending(path: entry), to: made.appending(path: entry))
            }
        }
    }

    // MARK: Record

    private func record(of made: URL, licence: String?, provenance: String) throws(ModelError) -> AddedModel.Record {
        let names = FileManager.default.enumerator(atPath: made.path)?.compactMap { $0 as? String }.sorted() ?? []
        var files: [AddedModel.Record.File] = []
        for name in names {
            let path = made.appending(path: name)
            guard (try? path.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true else { continue }
            let hash = try FileDigest.sha256(of: path.path)
            files.append(AddedModel.Record.File(name: name, bytes: Self.bytes(of: path), sha256: hash))
        }
        guard let first = files.first else { throw .malformed(path: made.path, reason: "there is no file in it") }
        let isLanguageModel = files.count == 1 && first.name.hasSuffix(".gguf")
        guard isLanguageModel || files.contains(where: { $0.name.hasSuffix(".onnx") || $0.name.hasSuffix(".ort") })
        else {
            throw .malformed(path: first.name, reason: "neither one GGUF file nor a directory with an ONNX model")
        }
        let header = isLanguageModel ? try GGUFHeader(path: made.appending(path: first.name).path) : nil
        return AddedModel.Record(
            kind: isLanguageModel ? .languageModel : .speech, licence: licence ?? header?.licence ?? "not stated",
            provenance: provenance, files: files)
    }

    private static func bytes(of file: URL) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0
    }

    private func attempt(_ place: URL, _ body: () throws -> Void) throws(ModelError) {
        do {
            try body()
        } catch {
            throw .failed(writing: place.path, error)
        }
    }
}

extension ModelAdder.Source {
    fileprivate var words: String {
        switch self {
        case .path(let path): "copied from \(path)"
        case .url(let url, _): url
        }
    }
}
