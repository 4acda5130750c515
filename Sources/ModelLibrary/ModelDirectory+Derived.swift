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
        try make(draft)
        let hash = try FileDigest.sha256(of: draft)
        do {
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: draft, toPath: path)
            try hash.write(toFile: record, atomically: true, encoding: .utf8)
        } catch {
            throw ModelError.unwritable(path: path, reason: error.localizedDescription)
        }
        return path
    }
}
