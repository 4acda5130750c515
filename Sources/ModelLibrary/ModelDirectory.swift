package import Foundation

/// The directory that holds fetched models: one folder per model and version, written by the fetcher only.
package struct ModelDirectory: Sendable {
    /// Lists the hashes of compiled libraries, "hash  name" per line, below the model's folder.
    static let recordName = "built.sha256"

    package let root: URL

    package init(path: String) {
        root = URL(fileURLWithPath: path, isDirectory: true)
    }

    /// `$XDG_CACHE_HOME/parley`, or `~/.cache/parley`.
    package static func defaultPath(environment: [String: String]) -> String {
        let cache =
            environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
            ?? FileManager.default.homeDirectoryForCurrentUser.path + "/.cache"
        return cache + "/parley"
    }

    package func folder(of asset: ModelAsset) -> URL { root.appending(path: asset.folder) }

    package func path(_ asset: ModelAsset, _ file: String) -> String {
        folder(of: asset).appending(path: file).path
    }

    /// Whether the files are there, right or wrong.
    package func isPresent(_ asset: ModelAsset) -> Bool {
        let names =
            switch asset.contents {
            case .files(let files): files.map(\.name)
            case .compiled(let build): [build.library, Self.recordName]
            }
        return names.allSatisfy { FileManager.default.isReadableFile(atPath: path(asset, $0)) }
    }

    /// Reads every byte: about a second per gigabyte.
    package func verify(_ asset: ModelAsset) throws(ModelError) {
        switch asset.contents {
        case .files(let files):
            for file in files { try verify(file, of: asset) }
        case .compiled(let build):
            try verifyRecord(of: asset, library: build.library)
        }
    }

    func verify(_ file: ModelFile, of asset: ModelAsset) throws(ModelError) {
        try checkSize(file, of: asset)
        try Self.checkHash(path(asset, file.name), file.sha256)
    }

    private func checkSize(_ file: ModelFile, of asset: ModelAsset) throws(ModelError) {
        let path = path(asset, file.name)
        // Of what a link leads to: models may lie elsewhere.
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        guard let bytes = attributes?[.size] as? Int else { throw .missing(path: path) }
        guard bytes == file.bytes else { throw .wrongSize(path: path, bytes: bytes, expected: file.bytes) }
    }

    private func verifyRecord(of asset: ModelAsset, library: String) throws(ModelError) {
        let record = path(asset, Self.recordName)
        guard let text = try? String(contentsOfFile: record, encoding: .utf8) else { throw .missing(path: record) }
        let lines = text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
        guard lines.contains(where: { $0.count == 2 && $0[1] == library }) else {
            throw .malformed(path: record, reason: "\(library) is not in it")
        }
        for line in lines where line.count == 2 {
            let path = path(asset, String(line[1]))
            guard FileManager.default.isReadableFile(atPath: path) else { throw .missing(path: path) }
            try Self.checkHash(path, String(line[0]))
        }
    }

    private static func checkHash(_ path: String, _ expected: String) throws(ModelError) {
        let found = try FileDigest.sha256(of: path)
        guard found == expected else { throw .wrongHash(path: path, found: found, expected: expected) }
    }
}
