import AudioPipeline
import SessionEngine

/// Takes what is louder than the background for speech.
///
/// The background is the quietest level heard lately: it falls at once and rises by 0.6 dB a second. Speech begins 6 dB above
/// it and is certain 12 dB further up; after speech the probability falls by halves, so that short pauses do not end it.
package struct EnergyVoiceActivity: VoiceActivityDetector {
    /// In dB below full scale: nothing under it is speech, however quiet the background.
    static let quietestSpeech = -50.0

    package init() {}

    package func makeStream() -> any VoiceActivityStream { Stream() }

    private final class Stream: VoiceActivityStream {
        private let memory = PosixLock(EnergyMemory())

        func probability(in window: [Int16]) async throws(EngineFailure) -> Double {
            memory.withLock { $0.probability(SoundLevel.decibels(window)) }
        }

        func reset() { memory.withLock { $0 = EnergyMemory() } }
    }
}

/// The background and the last probability. Pure.
struct EnergyMemory {
    private static let quietestBackground = -70.0
    private static let loudestBackground = -35.0
    private static let risePerWindow = 0.02
    private static let onset = 6.0
    private static let slope = 12.0
    private static let release = 0.5

    private var background = quietestBackground
    private var last = 0.0

    mutating func probability(_ level: Double) -> Double {
        background =
            level < background
            ? max(level, Self.quietestBackground) : min(background + Self.risePerWindow, Self.loudestBackground)
        let lower = max(background + Self.onset, EnergyVoiceActivity.quietestSpeech)
        let now = min(1, max(0, (level - lower) / Self.slope))
        last = max(now, last * Self.release)
        return last
    }
}
