import RealtimeProtocol
package import SessionEngine

/// hibari as the voice of the embedded engine.
package final class HibariSynthesizer: Synthesizer {
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
        // The lane does not wait for who listens: a clause is as much as is kept.
        let (stretches, listener) = AsyncStream.makeStream(of: HibariModel.Speech.self)
        async let outcome = make(request, for: listener)
        for await speech in stretches { await onAudio(Self.audio(speech)) }
        try await outcome.get()
        if Task.isCancelled { throw .cancelled }
    }

    private func make(
        _ request: SpeechRequest, for listener: AsyncStream<HibariModel.Speech>.Continuation
    ) async -> Result<Void, EngineFailure> {
        defer { listener.finish() }
        let preset = VoicePreset.named(request.voice)
        do throws(EngineFailure) {
            try await lane.run { [model] () throws(LocalEngineError) in
                try model.speak(request.text, preset: preset, speed: request.speed) { speech in
                    if case .terminated = listener.yield(speech) { false } else { true }
                }
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private static func audio(_ speech: HibariModel.Speech) -> SynthesizedAudio {
        SynthesizedAudio(
            samples: speech.samples,
            words: speech.words.map { word in
                WordTiming(
                    text: word.text, startMs: word.range.lowerBound / samplesPerMs,
                    endMs: word.range.upperBound / samplesPerMs)
            })
    }
}
