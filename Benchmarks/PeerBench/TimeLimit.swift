import Dispatch
import Foundation
import Glibc

/// A wait took longer than it may.
struct TimeLimitExceeded: Error, CustomStringConvertible {
    let what: String
    let limit: Duration
    var description: String { "not within \(limit / .seconds(1)) s: \(what)" }
}

/// Runs `body`, which must end early when its task is cancelled, for at most `limit`.
func within<Result: Sendable>(
    _ limit: Duration, _ what: String, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        defer { group.cancelAll() }
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw TimeLimitExceeded(what: what, limit: limit)
        }
        guard let first = try await group.next() else { throw CancellationError() }
        return first
    }
}

/// Ends this process, and every server it started, when a whole run takes longer than it may: whatever hangs.
enum Watchdog {
    /// From sysexits(3): the run can be tried again.
    private static let exitCode: Int32 = 75

    /// Counts from now on to the end of the process.
    static func start(limitSeconds: Int, of what: String) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(limitSeconds)) {
            FileHandle.standardError.write(Data("\(what): stopped after \(limitSeconds) s\n".utf8))
            ServerProcess.killAll()
            exit(exitCode)
        }
    }
}
