import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import PeerTransport

/// What a second of a call costs at the least on this machine: the codec, the ciphers and the kernel, with nothing around them.
struct Floor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the floor of a call: Opus, SRTP, UDP and one DTLS handshake, each alone on one thread.")

    /// One direction of a call.
    private static let packetsPerSecond = 50.0

    @Option(help: "What is coded: WAV, 16-bit PCM mono.")
    var speech = "Tests/Interop/fixtures/speech.wav"

    @Option(help: "Runs of each part, in turns; the median counts.")
    var rounds = 7

    @Option(help: "Also write the table as JSON to this file.")
    var rows: String?

    @Option(help: "Seconds after which the whole run is given up.")
    var limitSeconds = 120

    func run() async throws {
        Watchdog.start(limitSeconds: limitSeconds, of: "floor")
        let samples = try SpeechFile.read(URL(filePath: speech), at: .hz24000)
        var parts = try Self.parts(samples)
        for _ in 0..<rounds {
            for index in parts.indices { parts[index].costs.append(try parts[index].measure() * 1_000) }
        }
        let floor = parts.filter(\.counts).map(\.costs.median).reduce(0, +)
        var lines = parts.map { "| \($0.name) | \(String(format: "%.2f", $0.costs.median)) |" }
        lines.append("| **a call: decode, encode, SRTP, UDP** | **\(String(format: "%.1f", floor))** |")
        let handshake = try HandshakeCost.measure() * 1_000
        lines.append("| DTLS handshake with P-256, once, as server | \(String(format: "%.2f", handshake)) |")
        let report = PartReport(table: ["| part | ms per call-second |", "|---|---|"] + lines)
        try report.publish(to: rows)
    }

    /// One part of a call.
    private struct Part {
        let name: String
        /// Whether every call has it.
        var counts = true
        /// Seconds of CPU for a second of a call.
        let measure: () throws -> Double
        var costs: [Double] = []
    }

    private static func parts(_ samples: [Int16]) throws -> [Part] {
        let frames = try OpusFrames.of(samples)
        let seconds = Double(frames.count) / packetsPerSecond
        var lossy = OpusEncoderSettings()
        lossy.expectedLossPercent = 5
        let payload = frames[frames.count / 2]
        return [
            Part(name: "Opus decode to 24 kHz") { try decode(frames) / seconds },
            Part(name: "Opus encode, 24 kHz, 32 kbit/s, complexity 5, no error correction") {
                try ThreadTime.of { _ = try OpusFrames.of(samples) } / seconds
            },
            Part(name: "the same with in-band error correction for 5 % of loss", counts: false) {
                try ThreadTime.of { _ = try OpusFrames.of(samples, lossy) } / seconds
            },
            Part(name: "SRTP both ways, \(PacketProtection.aeadAES128GCM.rawValue)") {
                try protect(.aeadAES128GCM, payload)
            },
            Part(name: "SRTP both ways, \(PacketProtection.aes128CMHMACSHA1.rawValue)", counts: false) {
                try protect(.aes128CMHMACSHA1, payload)
            },
            Part(name: "UDP both ways on loopback, a socket for each call, one system call a packet") {
                try DatagramCost.measure(bytes: payload.count + 28) * packetsPerSecond
            },
        ]
    }

    private static func decode(_ frames: [[UInt8]]) throws -> Double {
        let decoder = try OpusDecoder(rate: .hz24000)
        var room = [Int16](repeating: 0, count: 2_880)
        return try ThreadTime.of {
            for frame in frames {
                _ = try frame.withUnsafeBytes { bytes in
                    try room.withUnsafeMutableBufferPointer { try decoder.decode(bytes, into: $0) }
                }
            }
        }
    }

    private static func protect(_ cipher: PacketProtection, _ payload: [UInt8]) throws -> Double {
        let count = 5_000
        return try cipher.measure(payload, count: count, threadCPU: ThreadTime.now) / Double(count) * packetsPerSecond
    }
}
