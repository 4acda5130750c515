/// Why models cannot be fetched, checked or used; the words are meant for the person at the terminal.
package enum ModelError: Error, Equatable, CustomStringConvertible {
    /// A program that fetching needs is not there.
    case toolMissing(String, advice: String)
    /// A program failed; its own words went to the terminal before.
    case toolFailed(String, status: Int32)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    case missing(path: String)
    case wrongSize(path: String, bytes: Int, expected: Int)
    case wrongHash(path: String, found: String, expected: String)
    case malformed(path: String, reason: String)
    case unsupportedMachine(String)

    package var description: String {
        switch self {
        case .toolMissing(let tool, let advice): "\(tool) is not there: \(advice)"
        case .toolFailed(let command, let status): "`\(command)` failed with status \(status)"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
        case .missing(let path): "\(path) is missing"
        case .wrongSize(let path, let bytes, let expected): "\(path) has \(bytes) bytes, not \(expected)"
        case .wrongHash(let path, let found, let expected):
            "\(path) has the wrong contents: SHA-256 \(found), not \(expected)"
        case .malformed(let path, let reason): "\(path) is damaged: \(reason)"
        case .unsupportedMachine(let reason): "this machine cannot run the embedded engine: \(reason)"
        }
    }
}
