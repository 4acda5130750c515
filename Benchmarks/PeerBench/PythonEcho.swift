import Foundation
import LoadGenerator

/// A rival in Python that echoes, started for the measurement (Benchmarks/Rivals).
struct PythonEcho {
    let signalling: RealtimeSignalling
    private let process: ServerProcess

    var probe: ProcessProbe { ProcessProbe(process.processID) }

    /// - Parameters:
    ///   - script: its file in Benchmarks/Rivals.
    ///   - arguments: beside the address.
    ///   - address: where it takes media.
    ///   - core: the only one that it may run on; nil for all.
    init(python: String, script: String, _ arguments: [String] = [], address: String, core: Int? = nil) throws {
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw SignallingError.unexpected("\(python) is not there")
        }
        let output = Pipe()
        process = try ServerProcess(
            program: python, arguments: ["Benchmarks/Rivals/\(script)", "--address", address] + arguments,
            output: output, core: core)
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let base = URL(string: line), base.scheme == "http" else {
            throw SignallingError.unexpected(line.isEmpty ? "\(script) did not start with \(python)" : line)
        }
        signalling = RealtimeSignalling(server: base)
    }

    func stop() { process.end() }
}

/// Offers the header of audio levels too (RFC 6464), as browsers do.
struct AudioLevelSignalling: Signalling {
    private static let line = "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level"

    let server: any Signalling

    func exchange(offer: String) async throws -> String {
        guard let mid = offer.range(of: "a=mid:0\r\n") else {
            throw SignallingError.unexpected("an offer without audio")
        }
        return try await server.exchange(offer: offer.replacingCharacters(in: mid, with: "a=mid:0\r\n\(Self.line)\r\n"))
    }
}
