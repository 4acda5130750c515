package import RealtimeProtocol
package import SessionEngine

/// Moonshine, or another recogniser, through sherpa-onnx; speech longer than the model takes is cut at its quietest places.
package final class MoonshineTranscriber: Transcriber {
    /// Samples at 16 kHz that the model is given at most (20 s).
    private static let maxSamples = 320_000
    /// Part of a piece in which the cut is looked for (the last 6 s).
    private static let cutRange = 96_000
    private static let quietWindow = 1600
    private static let samplesPerSecond = 16_000
    /// Less than this (0.1 s) is no speech.
    private static let minSamples = 1600

    package let languages: [String]?
    private let recognizer: SherpaRecognizer
    private let lane: InferenceLane

    init(recognizer: SherpaRecognizer, languages: [String]?, lane: InferenceLane) {
        self.recognizer = recognizer
        self.languages = languages
        self.lane = lane
    }

    package func transcribe(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?,
        onDelta: @Sendable (String) async -> Void
    ) async throws(EngineFailure) -> Transcript {
        var text = ""
        for piece in Self.pieces(of: speech) where piece.count >= Self.minSamples {
            if Task.isCancelled { throw .cancelled }
            let samples = speech[piece].map { Float($0) / 32768 }
            let heard = try await lane.run { [recognizer] () throws(LocalEngineError) in
                try recognizer.text(of: samples).trimmed
            }
            guard !heard.isEmpty else { continue }
            let delta = text.isEmpty ? heard : " " + heard
            text += delta
            await onDelta(delta)
        }
        let seconds = Double(speech.count) / Double(Self.samplesPerSecond)
        return Transcript(text: text, usage: .duration(seconds: seconds))
    }

    package func transcribeInPassing(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?
    ) async throws(EngineFailure) -> String? {
        guard (Self.minSamples...Self.maxSamples).contains(speech.count) else { return nil }
        let samples = speech.map { Float($0) / 32768 }
        return try await lane.runIfIdle { [recognizer] () throws(LocalEngineError) in
            try recognizer.text(of: samples).trimmed
        }
    }

    /// Cuts speech into ranges of at most `maxSamples`, each but the last ending in the middle of a quiet window.
    static func pieces(of speech: [Int16]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        while speech.count - start > maxSamples {
            let end = quietest(speech[start + maxSamples - cutRange..<start + maxSamples])
            pieces.append(start..<end)
            start = end
        }
        pieces.append(start..<speech.count)
        return pieces
    }

    private static func quietest(_ speech: ArraySlice<Int16>) -> Int {
        let starts = stride(from: speech.startIndex, to: speech.endIndex - quietWindow, by: quietWindow / 2)
        let loudness = starts.map { start in
            (start, speech[start..<start + quietWindow].reduce(0) { $0 + abs(Int($1)) })
        }
        return (loudness.min { $0.1 < $1.1 }?.0 ?? speech.startIndex) + quietWindow / 2
    }
}

extension String {
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }
}
