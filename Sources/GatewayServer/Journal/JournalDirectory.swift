import Foundation

/// The files of the journal: one for each session, named by its call or by itself.
struct JournalDirectory: Sendable {
    private static let suffix = ".jsonl"

    let path: String

    /// Makes the directory, for the server's user alone.
    init(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Makes the file of a session.
    func make(_ name: String) throws -> FileHandle {
        let path = file(name)
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        return handle
    }

    /// False when there is none.
    func remove(_ name: String) throws -> Bool {
        // Only what names of ours are made of may become a path.
        guard !name.isEmpty, name.utf8.allSatisfy({ RandomName.alphabet.contains($0) || $0 == UInt8(ascii: "_") })
        else { return false }
        guard FileManager.default.fileExists(atPath: file(name)) else { return false }
        try FileManager.default.removeItem(atPath: file(name))
        return true
    }

    /// Removes files that were last written before `date`; how many.
    func removeOlder(than date: Date) throws -> Int {
        var removed = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(Self.suffix) {
            let whole = path + "/" + name
            guard let written = try FileManager.default.attributesOfItem(atPath: whole)[.modificationDate] as? Date,
                written < date
            else { continue }
            try FileManager.default.removeItem(atPath: whole)
            removed += 1
        }
        return removed
    }

    private func file(_ name: String) -> String { path + "/" + name + Self.suffix }
}
