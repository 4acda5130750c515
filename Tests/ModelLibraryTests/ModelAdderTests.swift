import Foundation
import Testing

@testable import ModelLibrary

@Suite("Models of the user's own")
struct ModelAdderTests {
    /// A temporary place with a GGUF file, and the SHA-256 of that file.
    private struct Place {
        let root = FileManager.default.temporaryDirectory.appending(path: "parley-add-\(UUID().uuidString)")
        let directory: ModelDirectory
        let file: URL
        let bytes: Data
        let sha256: String

        init() throws {
            directory = ModelDirectory(path: root.appending(path: "models").path)
            file = root.appending(path: "small.gguf")
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            bytes = GGUFHeaderTests.file([
                GGUFHeaderTests.entry("general.architecture", "llama"),
                GGUFHeaderTests.entry("general.license", "apache-2.0"),
            ])
            try bytes.write(to: file)
            sha256 = try FileDigest.sha256(of: file.path)
        }

        func add(
            _ name: String, _ source: ModelAdder.Source, licence: String? = nil, provenance: String? = nil
        ) throws(ModelError) -> AddedModel {
            try ModelAdder(directory: directory, report: { _ in }).add(
                name, from: source, licence: licence, provenance: provenance)
        }

        /// Where a download of the file is kept until it is whole.
        func keep(_ bytes: Data) throws {
            let archives = directory.root.appending(path: ".archives")
            try FileManager.default.createDirectory(at: archives, withIntermediateDirectories: true)
            try bytes.write(to: archives.appending(path: sha256))
        }

        func remove() { try? FileManager.default.removeItem(at: root) }
    }

    @Test("A GGUF file is copied, told by its own header, found by its name, checked and removed")
    func file() throws {
        let place = try Place()
        defer { place.remove() }
        let model = try place.add("mine", .path(place.file.path))
        #expect(model.record.kind == .languageModel)
        #expect(model.record.licence == "apache-2.0")
        #expect(model.record.provenance == "copied from \(place.file.path)")
        #expect(place.directory.added == [model])
        let path = try #require(place.directory.added("mine")?.languageModel)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == place.bytes)
        try model.verify()
        try Data("x".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ModelError.self) { try model.verify() }
        try ModelAdder(directory: place.directory, report: { _ in }).remove("mine")
        #expect(place.directory.added.isEmpty)
    }

    @Test("A directory with an ONNX model is a recogniser or voice; licence and provenance are what the user says")
    func directory() throws {
        let place = try Place()
        defer { place.remove() }
        let source = place.root.appending(path: "voice/data")
        try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
        for name in ["model.onnx", "tokens.txt", "data/dict"] {
            try Data(name.utf8).write(to: place.root.appending(path: "voice/\(name)"))
        }
        let model = try place.add(
            "voice", .path(place.root.appending(path: "voice").path), licence: "CC0", provenance: "recorded by us")
        #expect(model.record.kind == .speech)
        #expect(model.record.files.map(\.name) == ["data/dict", "model.onnx", "tokens.txt"])
        #expect(model.record.licence == "CC0")
        #expect(model.record.provenance == "recorded by us")
        #expect(model.languageModel == nil)
        try model.verify()
    }

    @Test("A download goes on where an earlier one ended")
    func resumes() throws {
        let place = try Place()
        defer { place.remove() }
        try place.keep(place.bytes.prefix(20))
        let model = try place.add("mine", .url(place.file.absoluteString, sha256: place.sha256))
        #expect(model.record.files.map(\.sha256) == [place.sha256])
        #expect(model.record.provenance == place.file.absoluteString)
    }

    @Test("A download with another hash is refused, and nothing of it stays")
    func wrongHash() throws {
        let place = try Place()
        defer { place.remove() }
        let wrong = String(repeating: "0", count: 64)
        #expect(throws: ModelError.wrongHash(path: place.file.absoluteString, found: place.sha256, expected: wrong)) {
            try place.add("mine", .url(place.file.absoluteString, sha256: wrong))
        }
        #expect(place.directory.added.isEmpty)
        let archives = place.directory.root.appending(path: ".archives").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: archives).isEmpty)
    }

    @Test("An archive is unpacked, and the one folder in it is not kept")
    func archive() throws {
        let place = try Place()
        defer { place.remove() }
        let inner = place.root.appending(path: "sherpa-model")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        for name in ["model.onnx", "tokens.txt"] { try Data(name.utf8).write(to: inner.appending(path: name)) }
        try CommandLineTool(directory: place.root).run(["tar", "-czf", "model.tar.gz", "sherpa-model"])
        let archive = place.root.appending(path: "model.tar.gz")
        let hash = try FileDigest.sha256(of: archive.path)
        let model = try place.add("packed", .url(archive.absoluteString, sha256: hash))
        #expect(model.record.files.map(\.name) == ["model.onnx", "tokens.txt"])
    }

    @Test(
        "A name that could leave the library, or is taken, is refused",
        arguments: ["", "../x", ".hidden", "a/b", "taken"])
    func names(name: String) throws {
        let place = try Place()
        defer { place.remove() }
        _ = try place.add("taken", .path(place.file.path))
        #expect(throws: ModelError.self) { try place.add(name, .path(place.file.path)) }
        #expect(place.directory.added.map(\.name) == ["taken"])
    }

    @Test("What is no model is refused in words and leaves nothing behind")
    func noModel() throws {
        let place = try Place()
        defer { place.remove() }
        let text = place.root.appending(path: "notes.txt")
        try Data("notes".utf8).write(to: text)
        #expect(
            throws: ModelError.malformed(
                path: "notes.txt", reason: "neither one GGUF file nor a directory with an ONNX model")
        ) {
            try place.add("notes", .path(text.path))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.directory.root.path) == [".lock"])
    }

    @Test("A voice as Piper publishes it gets its tokens, its speakers and the metadata that sherpa-onnx asks for")
    func piper() throws {
        let place = try Place()
        defer { place.remove() }
        let source = place.root.appending(path: "piper")
        try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
        try Data("model".utf8).write(to: source.appending(path: "en.onnx"))
        let json = #"""
            {"audio": {"sample_rate": 22050}, "num_speakers": 2, "speaker_id_map": {"eve": 1, "bob": 0},
             "phoneme_id_map": {"_": [0], "a": [14], " ": [3]}}
            """#
        try Data(json.utf8).write(to: source.appending(path: "en.onnx.json"))
        let model = try place.add("en", .path(source.path))
        #expect(model.record.files.map(\.name) == ["en.onnx", "en.onnx.json", "speakers.txt", "tokens.txt"])
        let text = { (file: String) in try String(contentsOf: model.folder.appending(path: file), encoding: .utf8) }
        #expect(try text("tokens.txt") == "_ 0\n  3\na 14\n")
        #expect(try text("speakers.txt") == "bob\neve\n")
        let bytes = try Data(contentsOf: model.folder.appending(path: "en.onnx"))
        #expect(bytes.starts(with: Data("model".utf8)))
        #expect(bytes.range(of: Data("sample_rate\u{12}\u{5}22050".utf8)) != nil)
    }
}
