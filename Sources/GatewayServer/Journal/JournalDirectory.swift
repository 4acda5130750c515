import Foundation

/// The files of the journal: those of a session are named by its call or by itself.
struct JournalDirectory: Sendable {
    enum Kind: String, CaseIterable {
        case events = ".jsonl"
        case sound = ".wav"
    }

    let path: String

    /// Makes the directory, for the server's user alone.
    init(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Makes a file of a session.
    func make(_ name: String, _ kind: Kind) throws -> FileHandle {
        let path = file(name, kind)
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forUpdatingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        return handle
    }

    /// Removes what is kept of a session; false when there is nothing.
    func remove(_ name: String) throws -> Bool {
        // Only what names of ours are made of may become a path.
        guard !name.isEmpty, name.utf8.allSatisfy({ RandomName.alphabet.contains($0) || $0 == UInt8(ascii: "_") })
        else { return false }
        let files = Kind.allCases.map { file(name, $0) }.filter(FileManager.default.fileExists(atPath:))
        for file in files { try FileManager.default.removeItem(atPath: file) }
        return !files.isEmpty
    }

    /// Removes files that were last written before `date`; how many.
    func removeOlder(than date: Date) throws -> Int {
        var removed = 0
        let ours = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { name in Kind.allCases.contains { name.hasSuffix($0.rawValue) } }
        for name in ours {
            let whole = path + "/" + name
            guard let written = try FileManager.default.attributesOfItem(atPath: whole)[.modificationDate] as? Date,
                written < date
            else { continue }
            try FileManager.default.removeItem(atPath: whole)
            removed += 1
        }
        return removed
    }

    private func file(_ name: String, _ kind: Kind) -> String { path + "/" + name + kind.rawValue }
}
