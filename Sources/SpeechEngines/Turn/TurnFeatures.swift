import Foundation

/// What speaks for and against the end of a turn, as numbers for `TurnFusion`.
package struct TurnFeatures: Equatable, Sendable {
    /// In the order of the values.
    package static let names =
        ["smartTurn", "silence", "pitch", "slope", "loudness", "voiced"] + transcriptNames
    static let transcriptNames = ["question", "unmarked", "needCertain", "needLikely", "needObject", "farewell"]

    package let values: [Double]

    /// - Parameter smartTurn: its probability of an end, 0 to 1.
    /// - Parameter ending: nil where nothing was read; then its features count as they do in the middle of the tuning set.
    init(smartTurn: Double, pauseMs: Int, prosody: Prosody, ending: TranscriptEnding?) {
        let certain = min(max(smartTurn, 0.001), 0.999)
        let sound = [
            log(certain / (1 - certain)), log2(Double(max(pauseMs, 1)) / 200),
            Self.bounded(prosody.finalPitch / 4, 3),
            Self.bounded(prosody.pitchSlope / 4, 2), Self.bounded(prosody.finalLoudness / 10, 3),
            Self.bounded(prosody.lastVoiced / 3, 3),
        ]
        values = sound + (ending.map(Self.values) ?? TurnFusion.middleOfTranscripts)
    }

    private static func values(of ending: TranscriptEnding) -> [Double] {
        let flags = [
            ending.mark == .question, ending.mark != .question && ending.mark != .full, ending.need == .certain,
            ending.need == .likely, ending.need == .object, ending.isFarewell,
        ]
        return flags.map { $0 ? 1 : 0 }
    }

    private static func bounded(_ value: Double, _ limit: Double) -> Double { min(max(value, -limit), limit) }
}
