import RealtimeProtocol

/// What a recorded session asks of a new one, step by step.
package struct ReplayPlan: Sendable {
    /// One event for the server.
    struct Step: Sendable {
        var event: JSONObject
        /// How far the session had come when it was sent.
        var needs: ReplayTally
        /// What is said before it, as part of the plan's sound; nil for nothing.
        var sound: Range<Int>?
        /// Since the answer began that was under way then; nil where none was.
        var intoAnswerMs: Double?
    }

    var steps: [Step] = []
    /// How far the recorded session came.
    var end = ReplayTally()
    var names = ReplayNames()
    /// Ids that the client gave itself, which it gives again.
    var ownIDs: Set<String> = []
    /// What was said to the assistant before each answer.
    var asked: [[String]] = []
    /// The model's name in the session; nil where the recording does not begin with its beginning.
    package internal(set) var model: String?
    /// What the caller said; nil where it goes in writing.
    var sound: CallerSound?
    /// Turns that are spoken again, with what was understood of them then; nil where that is not known.
    var soundTurns: [String?] = []
    /// Turns that were spoken, and are written now.
    var spokenTurns = 0
    /// Spoken turns whose words the recording does not have.
    var wordlessTurns = 0
    var isWebRTC = false
    package internal(set) var isTranscription = false

    package var isEmpty: Bool { steps.isEmpty }

    /// For people: what of the recording goes another way.
    package var words: String {
        var steps = "\(steps.count) \(steps.count == 1 ? "event" : "events") of the client to be sent."
        if !soundTurns.isEmpty {
            steps += " \(soundTurns.count) spoken \(soundTurns.count == 1 ? "turn is" : "turns are") spoken again."
        }
        guard spokenTurns + wordlessTurns > 0 else { return steps }
        let origin = isWebRTC ? "It was a WebRTC call, whose sound" : "The sound of what was spoken"
        let turns =
            "\(origin) is not in the file: \(spokenTurns) spoken \(spokenTurns == 1 ? "turn goes" : "turns go") in writing"
        let left = wordlessTurns == 0 ? "." : "; \(wordlessTurns) of which no words were understood left out."
        return "\(steps) \(turns)\(left)"
    }

    /// - Parameter sound: of the caller, where it was kept; used where the events of the client held none.
    package init(_ events: [RecordedEvent], sound: CallerSound? = nil) {
        var reader = ReplayPlanReader(events, sound: sound)
        self = reader.read(events)
    }

    init() {}
}
