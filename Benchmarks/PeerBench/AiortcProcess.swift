import Foundation
import LoadGenerator

/// aiortc as an echo, started for the measurement (Benchmarks/Rivals/aiortc_echo.py).
struct AiortcProcess {
    let signalling: RealtimeSignalling
    private let process: ServerProcess

    var probe: ProcessProbe { ProcessProbe(process.processID) }

    /// `address`: where it takes media.
    init(python: String, address: String) throws {
        let output = Pipe()
        process = try ServerProcess(
            program: python, arguments: ["Benchmarks/Rivals/aiortc_echo.py", "--address", address], output: output)
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let base = URL(string: line.trimmingCharacters(in: .whitespacesAndNewlines)), base.scheme == "http" else {
            throw SignallingError.unexpected("aiortc did not start: is it installed for \(python)?")
        }
        signalling = RealtimeSignalling(server: base)
    }

    func stop() async { await process.stop() }
}
