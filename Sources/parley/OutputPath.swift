import ArgumentParser
import Foundation

/// Refuses a file that cannot be written, before the work whose result it is to hold.
func checkWritable(_ path: String) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path
    guard FileManager.default.isWritableFile(atPath: folder) else {
        throw ValidationError("\(path) cannot be written: \(folder) is no folder that you may write to.")
    }
}
