import RealtimeProtocol
package import SessionEngine

/// hibari as the voice of the embedded engine.
package final class HibariSynthesizer: Synthesizer {
    /// Samples of one block (200 ms).
    private static let blockSamples = 4800
    private static let samplesPerMs = 24

    private let model: HibariModel
    private let lane: InferenceLane

    package var voices: VoiceTable? { VoicePreset.table }

    init(model: HibariModel, lane: InferenceLane) {
        self.model = model
        self.lane = lane
    }

    package func speak(
        _ request: SpeechRequest, onAudio: @Sendable (SynthesizedAudio) async -> Void
    ) async throws(EngineFailure) {
        let preset = VoicePreset.named(request.voice)
        let speech = try await lane.run { [model] () throws(LocalEngineError) in
            try model.speak(request.text, preset: preset, speed: request.speed)
        }
        for start in stride(from: 0, to: speech.samples.count, by: Self.blockSamples) {
            if Task.isCancelled { throw .cancelled }
            let end = min(start + Self.blockSamples, speech.samples.count)
            // The first block brings the times of all words: they are known by then.
            let words = start == 0 ? speech.words : []
            await onAudio(
                SynthesizedAudio(
                    samples: Array(speech.samples[start..<end]),
                    words: words.map { word in
                        WordTiming(
                            text: word.text, startMs: word.range.lowerBound / Self.samplesPerMs,
                            endMs: word.range.upperBound / Self.samplesPerMs)
                    }))
        }
    }
}
