/// The turn a caller is in: what was said since when, and what came of it so far.
///
/// When the server takes the turn too early and the caller goes on, what came before counts no more.
struct OpenTurn: Sendable {
    /// What belongs to an answer may follow its end by so much.
    private static let patience = Duration.seconds(2)

    let utterance: Utterance
    /// Of the microphone, where the utterance begins.
    let start: Int
    var question: [String] = []
    var answer = ""
    var status: String?
    var failure: String?
    var wasCutOff = false
    var speechStarted = false
    var speechStopped: ContinuousClock.Instant?
    var transcript: ContinuousClock.Instant?
    var responseCreated: ContinuousClock.Instant?
    var firstWords: ContinuousClock.Instant?
    var responseDone: ContinuousClock.Instant?
    /// Whether the response says it has sound, and how far its playing is.
    var hasSound = false
    var playing = Playing.notYet
    var sound = AnswerSound()

    enum Playing: Equatable, Sendable { case notYet, now, over }

    init(_ utterance: Utterance, start: Int) {
        self.utterance = utterance
        self.start = start
    }

    /// Of the microphone, where the last sample of speech lies.
    var speechEnd: Int { start + utterance.speechEnd }

    mutating func callerSpeaks() {
        wasCutOff = wasCutOff || speechStopped != nil
        speechStarted = true
        speechStopped = nil
        responseCreated = nil
        firstWords = nil
        responseDone = nil
        status = nil
        failure = nil
        hasSound = false
        playing = .notYet
        sound = AnswerSound()
        answer = ""
    }

    /// Whether the answer is complete and was played, and the transcript has come, which may follow by a little.
    func isOver(now: ContinuousClock.Instant) -> Bool {
        guard let responseDone, playing != .now else { return false }
        if responseDone.duration(to: now) >= Self.patience { return true }
        return transcript != nil && (playing == .over || !hasSound)
    }

    func result(endOfSpeech: ContinuousClock.Instant) -> CallTurn {
        var turn = CallTurn(recording: utterance.name)
        turn.question = question.joined(separator: " ")
        turn.answer = answer
        turn.status = status ?? ""
        turn.failure = failure
        turn.wasCutOff = wasCutOff || speechStopped.map { $0 < endOfSpeech } == true
        turn.answerLength = .samples(sound.samples)
        turn.gaps = .samples(sound.gapSamples)
        turn.latestPacket = sound.latest
        let reached: [CallTurn.Stage: ContinuousClock.Instant?] = [
            .speechStopped: speechStopped, .transcript: transcript, .responseCreated: responseCreated,
            .firstWords: firstWords, .firstPacket: sound.firstPacket, .heard: sound.heard,
        ]
        turn.stages = reached.compactMapValues { $0.map { endOfSpeech.duration(to: $0) } }
        return turn
    }
}
