import Foundation

/// Why models cannot be fetched, checked or used; the words are meant for the person at the terminal.
package enum ModelError: Error, Equatable, CustomStringConvertible {
    /// A program that fetching needs is not there.
    case toolMissing(String, advice: String)
    /// A program failed; `said` is its last line.
    case toolFailed(String, status: Int32, said: String)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    /// The disk is too full for what is to be written.
    case noRoom(path: String, needed: Int, free: Int)
    /// The disk became full while something was written.
    case diskFull(path: String, reason: String)
    case missing(path: String)
    case wrongSize(path: String, bytes: Int, expected: Int)
    case wrongHash(path: String, found: String, expected: String)
    case malformed(path: String, reason: String)
    case unsupportedMachine(String)

    private static let room = "make room, or let models.directory name another disk"
    private static let advice = "`parley models fetch` brings it again"

    package var description: String {
        switch self {
        case .toolMissing(let tool, let advice): "\(tool) is not there: \(advice)"
        case .toolFailed(let command, let status, let said):
            "`\(command)` failed with status \(status)" + (said.isEmpty ? "" : ": \(said)")
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
        case .noRoom(let path, let needed, let free):
            "\(path) needs \(needed / 1_000_000) MB, and its disk has \(free / 1_000_000) MB of space left: "
                + Self.room
        case .diskFull(let path, let reason):
            "\(path) cannot be written, the disk is full (\(reason)): \(Self.room), then give the command again"
        case .missing(let path): "\(path) is missing; \(Self.advice)"
        case .wrongSize(let path, let bytes, let expected):
            "\(path) has \(bytes) bytes, not \(expected); \(Self.advice)"
        case .wrongHash(let path, let found, let expected):
            "\(path) has the wrong contents, SHA-256 \(found), not \(expected); \(Self.advice)"
        case .malformed(let path, let reason): "\(path) is damaged: \(reason); \(Self.advice)"
        case .unsupportedMachine(let reason): "this machine cannot run the embedded engine: \(reason)"
        }
    }
}

extension ModelError {
    private static let fullBelowBytes = 100_000
    /// The system's own words for a full disk.
    private static let fullDisk = ["No space left on device", "Disk quota exceeded"]

    /// A file or folder that could not be written.
    static func failed(writing path: String, _ error: any Error) -> ModelError {
        let reason = error.localizedDescription
        guard (error as? CocoaError)?.code == .fileWriteOutOfSpace else {
            return .unwritable(path: path, reason: reason)
        }
        return .diskFull(path: path, reason: reason)
    }

    /// A program that ended with another status than 0, and the last it complained of.
    static func failed(_ command: String, status: Int32, saying said: String, in folder: URL) -> ModelError {
        let lines = said.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        if let full = lines.last(where: { line in fullDisk.contains(where: line.contains) }) {
            return .diskFull(path: folder.path, reason: full)
        }
        // Compilers complain elsewhere.
        if let free = ModelDirectory.freeBytes(of: folder.path), free < fullBelowBytes {
            return .diskFull(path: folder.path, reason: "\(free) bytes are left")
        }
        return .toolFailed(command, status: status, said: lines.last ?? "")
    }
}
