import AudioPipeline
import Glibc
import RealtimeProtocol
import SessionEngine

/// Speaks one tone for each word, all of the same length, at a pitch of each voice's own; so word times are exact.
struct ScriptedVoice: Synthesizer {
    /// The names the hosted service knows, lowest pitch first.
    private static let names = [
        "cedar", "ash", "echo", "ballad", "verse", "sage", "alloy", "marin", "coral", "shimmer",
    ]
    /// The tone takes four fifths of a word, a pause the rest; it fades in and out over 5 ms.
    private static let fadeSamples = 120
    private static let amplitude = 6_000.0
    private static let samplesPerMs = 24

    private let wordMs: Int

    init(wordMs: Int) {
        self.wordMs = wordMs
    }

    /// A block for each word; the first names the times of all.
    func speak(
        _ request: SpeechRequest, onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure) {
        let words = request.text.split(whereSeparator: \.isWhitespace).map(String.init)
        let ms = max(1, Int((Double(wordMs) / request.speed).rounded()))
        var times = words.enumerated().map { WordTiming(text: $1, startMs: $0 * ms, endMs: ($0 + 1) * ms) }
        let tone = Self.tone(Self.pitch(request.voice), ms: ms)
        for _ in words {
            if Task.isCancelled { return }
            await onAudio(SynthesizedAudio(samples: tone, words: times))
            times = []
        }
    }

    /// In Hz: 160 and up by 30 for the voices with names, between 500 and 740 for any other.
    static func pitch(_ voice: Voice) -> Double {
        let name =
            switch voice {
            case .named(let name): name
            case .custom(let id): id
            }
        if let index = names.firstIndex(of: name) { return 160 + 30 * Double(index) }
        let sum = name.utf8.reduce(UInt64(5_381)) { $0 &* 33 &+ UInt64($1) }
        return 500 + Double(sum % 25) * 10
    }

    private static func tone(_ pitch: Double, ms: Int) -> [Int16] {
        let count = ms * samplesPerMs
        let sounding = count * 4 / 5
        return (0..<count).map { index in
            guard index < sounding else { return 0 }
            let fade = min(1, Double(min(index, sounding - index)) / Double(fadeSamples))
            let phase = 2 * Double.pi * pitch * Double(index) / 24_000
            return Int16(amplitude * fade * sin(phase))
        }
    }
}
