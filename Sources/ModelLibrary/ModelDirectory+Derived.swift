import Foundation

extension ModelDirectory {
    /// A file that is made on this machine from a fetched one, once; its hash is written beside it and checked each time.
    ///
    /// - Parameter make: writes the file at the path it is given.
    package func derived(
        _ name: String, from asset: ModelAsset, make: (String) throws -> Void
    ) throws -> String {
        let path = path(asset, name)
        let record = path + ".sha256"
        if let hash = try? String(contentsOfFile: record, encoding: .utf8), hash == (try? FileDigest.sha256(of: path)) {
            return path
        }
        // The record is written last and the file appears whole, so that an interrupted start leaves nothing half done.
        let draft = path + ".draft"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        try checkRoom(for: asset.bytes, at: path)
        do {
            try make(draft)
        } catch {
            let free = Self.freeBytes(of: folder(of: asset).path).map { ", with \($0 / 1_000_000) MB of space left" }
            let made = (try? FileManager.default.attributesOfItem(atPath: draft)[.size] as? Int) ?? 0
            throw ModelError.unwritable(
                path: path, reason: "\(error), after \(made / 1_000_000) MB\(free ?? "") on its disk")
        }
        let hash = try FileDigest.sha256(of: draft)
        do {
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: draft, toPath: path)
            try hash.write(toFile: record, atomically: true, encoding: .utf8)
        } catch {
            throw ModelError.failed(writing: path, error)
        }
        return path
    }

    /// Before a file is written, since what writes it may not notice that the disk is full.
    func checkRoom(for bytes: Int, at path: String) throws(ModelError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard let free = Self.freeBytes(of: folder) else { return }
        guard free >= bytes else { throw .noRoom(path: path, needed: bytes, free: free) }
    }

    /// Nil where the file system does not say.
    static func freeBytes(of folder: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }
}
