import Foundation
import Glibc
import LoadGenerator

/// The cores of this machine, shared between the server that is measured and who calls it.
enum Core {
    static let taskset = "/usr/bin/taskset"
    /// The server's; the callers have the others.
    static let ofServer = 0

    /// Keeps all threads of this process, and those to come, off the server's core.
    static func leaveToServer() throws {
        let count = ProcessInfo.processInfo.processorCount
        guard count > 1 else { throw SignallingError.unexpected("one core cannot be shared") }
        let process = Process()
        process.executableURL = URL(filePath: taskset)
        process.arguments = ["-a", "-c", "-p", "\(ofServer + 1)-\(count - 1)", "\(getpid())"]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw SignallingError.unexpected("\(taskset) failed") }
    }
}
