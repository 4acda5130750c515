/// Why models cannot be fetched, checked or used; the words are meant for the person at the terminal.
package enum ModelError: Error, Equatable, CustomStringConvertible {
    /// A program that fetching needs is not there.
    case toolMissing(String, advice: String)
    /// A program failed; its own words went to the terminal before.
    case toolFailed(String, status: Int32)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    /// The disk is too full for what is to be written.
    case noRoom(path: String, needed: Int, free: Int)
    case missing(path: String)
    case wrongSize(path: String, bytes: Int, expected: Int)
    case wrongHash(path: String, found: String, expected: String)
    case malformed(path: String, reason: String)
    case unsupportedMachine(String)

    private static let advice = "`parley models fetch` brings it again"

    package var description: String {
        switch self {
        case .toolMissing(let tool, let advice): "\(tool) is not there: \(advice)"
        case .toolFailed(let command, let status): "`\(command)` failed with status \(status)"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
        case .noRoom(let path, let needed, let free):
            "\(path) needs \(needed / 1_000_000) MB, and its disk has \(free / 1_000_000) MB of space left: "
                + "make room, or let models.directory name another disk"
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
