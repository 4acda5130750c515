import RealtimeProtocol

/// What one talker said, and what has come of it.
struct LoadTurn: Sendable {
    let clip: Int
    let shape: ClipShape
    /// Said over an answer.
    let isOverAnswer: Bool
    var endOfSpeech: ContinuousClock.Instant?
    var answer = LoadAnswer()
    private var isHeard = false
    private var isTaken = false
    private var takenAt: ContinuousClock.Instant?
    private var hasResponse = false
    private var wasCutOff = false
    private var transcripts: [String] = []

    init(clip: Int, shape: ClipShape, isOverAnswer: Bool) {
        self.clip = clip
        self.shape = shape
        self.isOverAnswer = isOverAnswer
    }

    /// Whether the sound that comes is of this turn's answer.
    var isAnswered: Bool { hasResponse }

    /// True once the functions that the answer calls are to be called.
    mutating func note(_ type: String, _ event: JSONObject, now: ContinuousClock.Instant) -> Bool {
        switch type {
        case "input_audio_buffer.speech_started":
            isHeard = true
            goOnSpeaking()
        case "input_audio_buffer.speech_stopped":
            isTaken = true
            takenAt = now
        case "response.created":
            // One before the server heard these words answers others.
            hasResponse = hasResponse || isTaken
        case "conversation.item.input_audio_transcription.completed":
            if isHeard, let text = event.text("transcript") { transcripts.append(text) }
        default:
            guard hasResponse else { return false }
            return answer.note(type, event, now: now)
        }
        return false
    }

    /// The turn was taken too early, and its speaker goes on: what came of it counts no more.
    private mutating func goOnSpeaking() {
        guard isTaken else { return }
        wasCutOff = true
        isTaken = false
        takenAt = nil
        hasResponse = false
        answer = LoadAnswer()
    }

    /// Its answer's first sound has come.
    func firstSound(now: ContinuousClock.Instant, every interval: Duration) -> [TalkerMachine.Action] {
        guard let endOfSpeech, now >= endOfSpeech, !wasCutOff else { return [] }
        var notes: [LoadNote] = [.time(.speechToAudio, endOfSpeech.duration(to: now), every: interval)]
        if let takenAt, takenAt >= endOfSpeech { notes.append(.time(.speechToTurn, endOfSpeech.duration(to: takenAt))) }
        return notes.map { .note($0) }
    }

    /// Its answer was heard, whole or in part.
    func ended() -> [TalkerMachine.Action] {
        var notes: [LoadNote] = [.count(.answered)]
        let isEarly = wasCutOff || (takenAt.map { taken in endOfSpeech.map { taken < $0 } ?? true } ?? false)
        if isEarly { notes.append(.count(.cutOff)) }
        if answer.done != nil, !["completed", ""].contains(answer.status) { notes.append(.count(.failedResponses)) }
        if let says = shape.says {
            notes.append(.count(.transcriptsChecked))
            if !Self.isAlike(says, transcripts.joined(separator: " ")) { notes.append(.count(.transcriptsWrong)) }
        }
        return notes.map { .note($0) }
    }

    /// Why a turn has no answer, in words that many turns share.
    var whatIsMissing: String {
        if !isHeard { return "no answer: the speech was not heard" }
        if !isTaken { return "no answer: the turn was not taken" }
        return hasResponse ? "no answer: its response did not end" : "no answer: no response began"
    }

    /// Word for word, letter case and signs aside.
    static func isAlike(_ left: String, _ right: String) -> Bool { words(left) == words(right) }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
