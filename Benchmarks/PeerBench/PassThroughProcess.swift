import Foundation
import LoadGenerator

/// `peer-bench pass-through`, started for the measurement. Takes one offer at a time.
struct PassThroughProcess: Signalling {
    private let process: ServerProcess
    private let input = Pipe()
    private let output = Pipe()

    var probe: ProcessProbe { ProcessProbe(process.processID) }

    init(address: String) throws {
        process = try ServerProcess(
            program: CommandLine.arguments[0], arguments: ["pass-through", "--address", address], input: input,
            output: output)
    }

    func exchange(offer: String) async throws -> String {
        try input.fileHandleForWriting.write(contentsOf: Data((Data(offer.utf8).base64EncodedString() + "\n").utf8))
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw SignallingError.unexpected("peer-bench pass-through ended") }
            line += more
        }
        guard let answer = Data(base64Encoded: line.dropLast()) else { throw SignallingError.unexpected("no answer") }
        return String(decoding: answer, as: UTF8.self)
    }

    func stop() { process.end() }
}
