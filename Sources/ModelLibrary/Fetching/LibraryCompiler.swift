import Foundation

/// Compiles a library with CMake and Ninja and records the hashes of what came out.
struct LibraryCompiler {
    let work: URL

    func compile(_ build: LibraryBuild, from unpacked: URL, to made: URL) throws(ModelError) {
        let tool = CommandLineTool(directory: work)
        for program in ["cmake", "ninja"] where !tool.succeeds([program, "--version"]) {
            throw .toolMissing(program, advice: "install cmake and ninja-build (Scripts/setup.sh run does)")
        }
        try tool.run(
            [
                "cmake", "-S", unpacked.appending(path: build.sourceFolder).path, "-B", "build", "-G", "Ninja",
                "-DCMAKE_INSTALL_PREFIX=\(made.path)", "--log-level=WARNING",
            ] + build.options)
        // Below everything else that runs here: it takes minutes.
        try tool.run(["nice", "-n", "10", "cmake", "--build", "build", "--target", build.target])
        try tool.run(["env", "--", "cmake", "--install", "build"], output: .nullDevice)
        try record(made, library: build.library)
    }

    /// Keeps the libraries' folder alone, and the hash of each library in it.
    private func record(_ made: URL, library: String) throws(ModelError) {
        let folder = (library as NSString).deletingLastPathComponent
        do {
            for entry in try FileManager.default.contentsOfDirectory(atPath: made.path) where entry != folder {
                try FileManager.default.removeItem(at: made.appending(path: entry))
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: made.appending(path: folder).path)
            var lines = ""
            for name in names.sorted() {
                let path = made.appending(path: folder).appending(path: name)
                if name.contains(".so") {
                    lines += "\(try FileDigest.sha256(of: path.path)) \(folder)/\(name)\n"
                } else {
                    try FileManager.default.removeItem(at: path)
                }
            }
            let record = made.appending(path: ModelDirectory.recordName)
            try lines.write(to: record, atomically: false, encoding: .utf8)
        } catch let error as ModelError {
            throw error
        } catch {
            throw .failed(writing: made.path, error)
        }
    }
}
