import RealtimeProtocol

extension SessionMachine {
    /// One client model of transcription is known to tell a turn in one piece, and clients rely on it (RT-164).
    private static let undividedModel = "whisper-1"

    /// Whether clients hear of words before the turn is over (docs/decisions/0009).
    private var tellsWords: Bool {
        configuration.input.transcription.map { $0.model != Self.undividedModel } ?? false
    }

    /// Asks the recogniser about the turn so far, when that is due.
    mutating func recogniseEarly(at position: AudioPosition) {
        guard settings.engine.recognisesEarly, listening.turns.turn != nil,
            let request = listening.early.next(at: position, pause: listening.turns.pause, tellsWords: tellsWords)
        else { return }
        act(.recognise(request, configuration.input.transcription))
    }

    /// What the recogniser made of a turn so far; nil when it had something better to do, or failed.
    mutating func recognised(_ item: ItemID, until position: AudioPosition, _ text: String?) {
        switch listening.early.heard(item, until: position, text, tellsWords: tellsWords) {
        case .delta(let words):
            emit(.inputAudioTranscriptionDelta(item, contentIndex: 0, delta: words))
        case .committed(let range):
            let part = Transcriptions.Part(item: item, contentIndex: 0)
            guard transcriptions.isPending(item) else { return }
            if let text { transcribed(part, text, .spoken(range)) } else { ask(part, .input(range)) }
        case nil: break
        }
    }
}

extension TranscriptionUsage {
    /// Of a stretch of input.
    static func spoken(_ range: Range<AudioPosition>) -> TranscriptionUsage {
        .duration(seconds: Double(range.upperBound.ms(since: range.lowerBound)) / 1_000)
    }
}
