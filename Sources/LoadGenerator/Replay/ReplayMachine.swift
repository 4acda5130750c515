import RealtimeProtocol

/// A recorded client as a machine: sends its events to a new session, each once that has come as far as the recorded one had.
///
/// What a client sends answers what it has heard: the result of a tool follows its call, the next question the end of an answer. So
/// an event waits for as many answers to have begun and ended as in the recording, not for its time, since another model or machine
/// is quicker or slower. One that came in the middle of an answer (an interruption) goes as long after the answer's beginning as
/// then, or at its end.
struct ReplayMachine: Sendable {
    enum Action: Equatable, Sendable {
        /// A client event, as JSON.
        case send([UInt8])
        case turnEnded(ReplayTurn)
        /// Something went another way than in the recording, in a sentence.
        case note(String)
        case hangUp
    }

    /// Without a word from the server, before what the recording had is waited for no longer.
    static let patience = Duration.seconds(30)
    /// The same for an id that an event refers to, once the answers are there.
    static let settling = Duration.seconds(2)
    /// Its answer says that everything before has been answered.
    static let lastEvent = "input_audio_buffer.clear"
    static let lastAnswer = "input_audio_buffer.cleared"

    private enum State: Sendable {
        case replaying
        case parting
        case over
    }

    private let plan: ReplayPlan
    private var steps: ArraySlice<ReplayPlan.Step>
    private var state = State.replaying
    private var progress = ReplayTally()
    /// What is waited for no longer.
    private var lost = ReplayTally()
    private var names = ReplayNames()
    private var sound = ReplaySound()
    private var turns: ReplayTurns
    /// Items of turns that were said again, in order.
    private var committed: [String] = []
    private var answerBegan: ContinuousClock.Instant
    private var lastPassed: ContinuousClock.Instant

    init(_ plan: ReplayPlan, recorded: [RecordedEvent], now: ContinuousClock.Instant) {
        self.plan = plan
        steps = plan.steps[...]
        turns = ReplayTurns(asked: plan.asked, recorded: recorded)
        answerBegan = now
        lastPassed = now
    }

    /// A server event.
    mutating func event(_ event: JSONObject, now: ContinuousClock.Instant) -> [Action] {
        guard let type = event.text("type") else { return [] }
        lastPassed = now
        names.note(event)
        sound.note(event)
        progress.note(type)
        if type == "response.created" { answerBegan = now }
        var actions = understood(event)
        if type == "response.done", let turn = turns.ended(event) { actions.append(.turnEnded(turn)) }
        if state == .parting, type == Self.lastAnswer { return actions + over() }
        return actions + advance(now: now)
    }

    /// Time has passed.
    mutating func advance(now: ContinuousClock.Instant) -> [Action] {
        var actions: [Action] = []
        while state == .replaying {
            guard let more = step(now: now) else { return actions }
            actions += more
        }
        if state == .parting, isQuiet(Self.patience, now) { actions += over() }
        return actions
    }

    // MARK: Inside

    /// Nil: there is something to wait for.
    private mutating func step(now: ContinuousClock.Instant) -> [Action]? {
        let step = steps.first
        let missing = progress.missing(of: step?.needs ?? plan.end, without: lost)
        if !missing.isEmpty {
            return isQuiet(Self.patience, now) ? goOn(without: missing, of: step?.needs ?? plan.end) : nil
        }
        guard let step else { return isAnswering && !isQuiet(Self.patience, now) ? nil : part(now: now) }
        if let ms = step.intoAnswerMs, isAnswering, answerBegan.duration(to: now) < .milliseconds(ms) { return nil }
        var unknown: [String] = []
        guard let event = mapped(step.event, &unknown), unknown.isEmpty else {
            guard isQuiet(Self.settling, now) else { return nil }
            steps.removeFirst()
            return [
                .note(
                    "Left out: \(step.event.text("type") ?? ""), about what does not exist now (\(unknown.joined(separator: ", ")))."
                )
            ]
        }
        steps.removeFirst()
        let said = step.sound.flatMap { plan.sound?.appends($0) } ?? []
        return said.flatMap { send($0, now: now) } + fitting(event, now: now)
    }

    /// A turn that was said again and is heard in another way than then.
    private mutating func understood(_ event: JSONObject) -> [Action] {
        guard let item = event.text("item_id") else { return [] }
        switch event.text("type") {
        case "input_audio_buffer.committed"?: committed.append(item)
        case "conversation.item.input_audio_transcription.completed"?:
            guard let place = committed.firstIndex(of: item), plan.soundTurns.indices.contains(place),
                let then = plan.soundTurns[place], let now = event.text("transcript"), now != then
            else { return [] }
            return [.note("Understood then: \(then) Understood now: \(now)")]
        default: break
        }
        return []
    }

    private var isAnswering: Bool { progress[.answerBegun] > progress[.answerEnded] }

    private func isQuiet(_ time: Duration, _ now: ContinuousClock.Instant) -> Bool {
        lastPassed.duration(to: now) >= time
    }

    private mutating func goOn(without missing: [ReplayTally.Milestone], of needs: ReplayTally) -> [Action] {
        missing.map { milestone in
            lost[milestone] = needs[milestone] - progress[milestone]
            return .note("Nothing came for \(Self.patience.components.seconds) s: going on without \(milestone.words).")
        }
    }

    /// An event as the new session can take it; a note where it cannot.
    private mutating func fitting(_ event: JSONObject, now: ContinuousClock.Instant) -> [Action] {
        switch event.text("type") {
        case "response.cancel"? where !isAnswering:
            return [.note("Left out: response.cancel, since the answer had ended before.")]
        case "conversation.item.truncate"?:
            guard let cut = sound.fitted(event) else {
                return [.note("Left out: conversation.item.truncate, since there is no sound to be cut.")]
            }
            return send(cut, now: now)
        default: return send(event, now: now)
        }
    }

    private mutating func send(_ event: JSONObject, now: ContinuousClock.Instant) -> [Action] {
        lastPassed = now
        var json = JSONWriter()
        json.value(event)
        return [.send(json.bytes)]
    }

    private mutating func part(now: ContinuousClock.Instant) -> [Action] {
        state = .parting
        return send(JSONObject([("type", .string(Self.lastEvent))]), now: now)
    }

    private mutating func over() -> [Action] {
        state = .over
        return [.hangUp]
    }

    /// With the ids of the new session in place of the recorded one's.
    private func mapped(_ event: JSONObject, _ unknown: inout [String]) -> JSONObject? {
        guard case .object(let event) = mapped(.object(event), &unknown) else { return nil }
        return event
    }

    private func mapped(_ value: JSONValue, _ unknown: inout [String]) -> JSONValue {
        switch value {
        case .string(let text):
            guard !plan.ownIDs.contains(text), let name = plan.names.name(of: text) else { return value }
            guard let id = names.id(of: name) else {
                unknown.append(name)
                return value
            }
            return .string(id)
        case .array(let values): return .array(values.map { mapped($0, &unknown) })
        case .object(let object):
            return .object(JSONObject(object.members.map { ($0.name, mapped($0.value, &unknown)) }))
        default: return value
        }
    }
}
