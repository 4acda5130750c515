/// One archive of the Python package index, pinned: a wheel, or a source distribution. No Python of it is ever run.
package struct PinnedPackage: Equatable, Sendable {
    package enum Form: Sendable {
        case wheel
        case source
    }

    package let name: String
    package let version: String
    /// Of the archive, lower-case hexadecimal.
    package let sha256: String
    /// Of the archive.
    package let bytes: Int
    package let form: Form

    package init(_ name: String, _ version: String, bytes: Int, sha256: String, form: Form = .wheel) {
        self.name = name
        self.version = version
        self.bytes = bytes
        self.sha256 = sha256
        self.form = form
    }

    /// A line of pip's requirements file.
    var requirement: String { "\(name)==\(version) --hash=sha256:\(sha256)" }
}
