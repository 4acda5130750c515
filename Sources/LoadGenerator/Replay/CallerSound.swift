import AudioPipeline
package import Foundation
import RealtimeProtocol

/// What the caller said in a recorded session, on the clock of its events.
package struct CallerSound: Sendable {
    private static let samplesPerMs = 24
    /// Of one event.
    private static let pieceSamples = 10 * 24_000
    /// A shorter commit is refused.
    private static let shortestMs = 100.0

    /// Mono, 24 kHz.
    private let samples: [Int16]

    /// - Parameter url: of the WAV file beside the journal's events: the caller is on the left.
    package init(_ url: URL) throws { samples = try SpeechFile.readLeft(url, at: .hz24000) }

    init(samples: [Int16]) { self.samples = samples }

    /// The part that lies between two times; nil where there is none that a server would take.
    func part(fromMs: Double, untilMs: Double) -> Range<Int>? {
        let lower = place(fromMs)
        let upper = max(lower, place(untilMs))
        return Double(upper - lower) >= Self.shortestMs * Double(Self.samplesPerMs) ? lower..<upper : nil
    }

    private func place(_ ms: Double) -> Int {
        min(samples.count, Int(exactly: (max(0, ms) * Double(Self.samplesPerMs)).rounded()) ?? samples.count)
    }

    /// A part as events of a client.
    func appends(_ part: Range<Int>) -> [JSONObject] {
        stride(from: part.lowerBound, to: part.upperBound, by: Self.pieceSamples).map { start in
            let bytes = samples[start..<min(start + Self.pieceSamples, part.upperBound)].withUnsafeBytes { Data($0) }
            return JSONObject([
                ("type", .string("input_audio_buffer.append")), ("audio", .string(bytes.base64EncodedString())),
            ])
        }
    }
}
