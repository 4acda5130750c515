import Foundation
import Glibc

/// Runs programs of the system; what they say goes to the terminal.
struct CommandLineTool {
    /// Between two looks at how far a program is.
    private static let watchMs: Int32 = 300
    /// Of what a program complained of, for the error.
    private static let keptBytes = 4096

    let directory: URL
    var environment: [String: String] = [:]

    /// Waits for the end; anything but status 0 is an error that says what the program said last. Interrupting the terminal
    /// ends both.
    ///
    /// - Parameters:
    ///   - output: where standard output goes; nil is the terminal.
    ///   - watch: called now and then while the program runs.
    func run(
        _ command: [String], output: FileHandle? = nil, watch: (() -> Void)? = nil
    ) throws(ModelError) {
        let process = process(command)
        if let output { process.standardOutput = output }
        let complaints = Pipe()
        process.standardError = complaints
        do {
            try Self.start(process)
        } catch {
            throw .toolMissing(command.first ?? "", advice: error.localizedDescription)
        }
        let said = Self.follow(process, complaints.fileHandleForReading.fileDescriptor, watch)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw .failed(
                command.joined(separator: " "), status: process.terminationStatus, saying: said, in: directory)
        }
    }

    /// Passes on what a program complains of until it has ended; the last of that.
    private static func follow(_ process: Process, _ descriptor: Int32, _ watch: (() -> Void)?) -> String {
        var (buffer, kept) = ([UInt8](repeating: 0, count: keptBytes), [UInt8]())
        while true {
            var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&state, 1, watchMs)
            watch?()
            if ready <= 0 {
                // Something that it started may keep the pipe open.
                guard process.isRunning else { break }
                continue
            }
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            try? FileHandle.standardError.write(contentsOf: Data(buffer[..<count]))
            kept = Array((kept + buffer[..<count]).suffix(keptBytes))
        }
        return String(decoding: kept, as: UTF8.self)
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
