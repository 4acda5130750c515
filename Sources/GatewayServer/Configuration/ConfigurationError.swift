/// Everything wrong with the configuration, each problem naming its key and where the value came from.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// One refused key or value.
    package struct Problem: Equatable, Sendable {
        /// Dotted name, flag or variable as the user wrote it.
        package let key: String
        /// Where it came from, `parley.yaml` or `environment variable PARLEY_HTTP_PORT`.
        package let source: String
        package let text: String
    }

    package let problems: [Problem]

    package var description: String {
        problems.map { "\($0.key) (\($0.source)): \($0.text)" }.joined(separator: "\n")
    }

    /// Process exit code, EX_CONFIG of sysexits.h.
    package static let exitCode: Int32 = 78
}
