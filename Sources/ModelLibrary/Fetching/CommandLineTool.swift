import Foundation

/// Runs programs of the system; what they say goes to the terminal.
struct CommandLineTool {
    let directory: URL

    /// Waits for the end; anything but status 0 is an error. Interrupting the terminal ends both.
    ///
    /// - Parameter output: where standard output goes; nil is the terminal.
    func run(_ command: [String], output: FileHandle? = nil) throws(ModelError) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = directory
        if let output { process.standardOutput = output }
        do {
            try process.run()
        } catch {
            throw .toolMissing(command.first ?? "", advice: error.localizedDescription)
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw .toolFailed(command.joined(separator: " "), status: process.terminationStatus)
        }
    }

    /// Whether the command ends with status 0, saying nothing.
    func succeeds(_ command: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = directory
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
