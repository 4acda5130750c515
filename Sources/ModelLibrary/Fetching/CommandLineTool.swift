import Foundation
import Glibc

/// Runs programs of the system; what they say goes to the terminal.
struct CommandLineTool {
    /// Between two looks at how far a program is.
    private static let watchSeconds = 0.3

    let directory: URL
    var environment: [String: String] = [:]

    /// Waits for the end; anything but status 0 is an error. Interrupting the terminal ends both.
    ///
    /// - Parameters:
    ///   - output: where standard output goes; nil is the terminal.
    ///   - watch: called now and then while the program runs.
    func run(
        _ command: [String], output: FileHandle? = nil, watch: (() -> Void)? = nil
    ) throws(ModelError) {
        let process = process(command)
        if let output { process.standardOutput = output }
        do {
            try Self.start(process)
        } catch {
            throw .toolMissing(command.first ?? "", advice: error.localizedDescription)
        }
        while let watch, process.isRunning {
            watch()
            Thread.sleep(forTimeInterval: Self.watchSeconds)
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw .toolFailed(command.joined(separator: " "), status: process.terminationStatus)
        }
    }

    /// Whether the command ends with status 0, saying nothing.
    func succeeds(_ command: [String]) -> Bool {
        let process = process(command)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? Self.start(process)) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// With no signal blocked. Threads of libdispatch block nearly all of them, a program inherits that from the thread that
    /// starts it, and cmake waits for ever for a SIGCHLD that is blocked.
    private static func start(_ process: Process) throws {
        var none = sigset_t()
        sigemptyset(&none)
        var before = sigset_t()
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    private func process(_ command: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = directory
        if !environment.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
        }
        return process
    }
}
