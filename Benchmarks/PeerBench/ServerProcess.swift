import AudioPipeline
import Foundation
import Glibc

/// A server started for a measurement, which never outlives it: stopped in bounded time, or killed by the watchdog.
final class ServerProcess: Sendable {
    /// How long a server may take to end by itself.
    private static let stopLimit = Duration.seconds(15)
    private static let running = PosixLock<Set<Int32>>([])

    let processID: Int32
    private let process: PosixLock<Process>

    /// - Parameters:
    ///   - input: its standard input; nil for none.
    ///   - output: its standard output; nil for none. Standard error is ours.
    ///   - core: the only one that it may run on; nil for all.
    init(program: String, arguments: [String], input: Pipe? = nil, output: Pipe? = nil, core: Int? = nil) throws {
        let process = Process()
        let command = (core.map { [Core.taskset, "-c", "\($0)"] } ?? []) + [program] + arguments
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        try process.run()
        let processID = process.processIdentifier
        self.processID = processID
        self.process = PosixLock(process)
        Self.running.withLock { _ = $0.insert(processID) }
    }

    /// Asks it to end, and kills it when it does not.
    func stop() async {
        process.withLock { $0.terminate() }
        let end = ContinuousClock.now + Self.stopLimit
        while process.withLock({ $0.isRunning }), ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(20))
        }
        if process.withLock({ $0.isRunning }) { kill(processID, SIGKILL) }
        Self.running.withLock { _ = $0.remove(processID) }
    }

    /// Ends one that has nothing to lose, at once.
    func end() {
        kill(processID, SIGKILL)
        Self.running.withLock { _ = $0.remove(processID) }
    }

    /// Kills every server that was not stopped.
    static func killAll() {
        for processID in running.withLock({ $0 }) { kill(processID, SIGKILL) }
    }
}
