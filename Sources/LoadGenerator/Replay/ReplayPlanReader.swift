import RealtimeProtocol

/// Makes a plan of a recording.
///
/// What the server did by itself because it heard (to begin an answer, to cut one) is asked for in an event, at the same place of
/// the conversation. A spoken turn is said again and committed by hand, with turn detection off, where the caller's sound was kept;
/// else it becomes a message with its transcript.
struct ReplayPlanReader {
    private static let aboutSound: Set<String> = [
        "input_audio_buffer.append", "input_audio_buffer.commit", "input_audio_buffer.clear",
        "output_audio_buffer.clear",
    ]

    /// A turn may have begun so long before it was noticed.
    private static let onsetMs = 1_000.0

    private var plan = ReplayPlan()
    /// Of spoken items.
    private let parts: [String: Range<Int>]
    /// What was understood of spoken items.
    private let transcripts: [String: String]
    private var progress = ReplayTally()
    private var answerBeganMs = 0.0
    /// Places of the steps that are spoken turns the client committed, until the server names the item.
    private var commits: [Int] = []
    private var creates = 0
    private var truncates = 0
    private var lastSent = ""
    private var asked: [String] = []

    init(_ events: [RecordedEvent], sound: CallerSound? = nil) {
        var transcripts: [String: String] = [:]
        var wordless: Set<String> = []
        for passed in events where passed.sender == .server {
            guard let item = passed.event.text("item_id") else { continue }
            switch passed.type {
            case "input_audio_buffer.committed": wordless.insert(item)
            case "conversation.item.input_audio_transcription.completed":
                if let text = passed.event.text("transcript"), text.contains(where: { !$0.isWhitespace }) {
                    transcripts[item] = text
                }
            default: break
            }
        }
        self.transcripts = transcripts
        let types = Set(events.map(\.type))
        // An event's time is that of its sound only where sound takes as long to come as it took to be spoken.
        plan.sound = types.contains("input_audio_buffer.append") ? nil : sound
        parts = plan.sound.map { Self.parts(events, $0) } ?? [:]
        plan.names = ReplayNames(without: wordless.subtracting(transcripts.keys).subtracting(parts.keys))
        plan.isWebRTC =
            !types.contains("input_audio_buffer.append") && types.contains("output_audio_buffer.started")
            && !events.contains { $0.sender == .page }
    }

    /// What of the sound is in each spoken item: from its beginning, or the end of the one before, until it was committed.
    private static func parts(_ events: [RecordedEvent], _ sound: CallerSound) -> [String: Range<Int>] {
        var parts: [String: Range<Int>] = [:]
        var (began, taken) = (nil as Double?, 0.0)
        for passed in events where passed.sender == .server {
            switch passed.type {
            case "input_audio_buffer.speech_started": began = passed.ms - onsetMs
            case "input_audio_buffer.cleared": taken = passed.ms
            case "input_audio_buffer.committed":
                if let item = passed.event.text("item_id") {
                    parts[item] = sound.part(fromMs: max(taken, began ?? taken), untilMs: passed.ms)
                }
                (began, taken) = (nil, passed.ms)
            default: break
            }
        }
        return parts
    }

    mutating func read(_ events: [RecordedEvent]) -> ReplayPlan {
        for passed in events {
            switch passed.sender {
            case .client: client(passed)
            case .server: server(passed)
            case .page: break
            }
        }
        plan.steps.removeAll { $0.event.isEmpty }
        if !plan.soundTurns.isEmpty { plan.takeTurnsByHand() }
        plan.end = progress
        return plan
    }

    private mutating func client(_ passed: RecordedEvent) {
        if passed.type == "input_audio_buffer.commit" {
            commits.append(plan.steps.count)
            // Its event is known once the server has named the item.
            add(JSONObject(), at: passed.ms)
        }
        guard !Self.aboutSound.contains(passed.type) else { return }
        lastSent = passed.type
        switch passed.type {
        case "response.create": creates += 1
        case "conversation.item.truncate": truncates += 1
        case "conversation.item.create": created(passed.event)
        default: break
        }
        add(passed.event, at: passed.ms)
    }

    private mutating func created(_ event: JSONObject) {
        guard let item = event.object("item") else { return }
        asked += Self.words(item)
        if let id = item.text("id") { plan.ownIDs.insert(id) }
    }

    private mutating func server(_ passed: RecordedEvent) {
        plan.names.note(passed.event)
        switch passed.type {
        case "session.created":
            plan.model = passed.event.object("session")?.text("model")
            plan.isTranscription = passed.event.object("session")?.text("type") == "transcription"
        case "input_audio_buffer.committed": committed(passed)
        case "response.created": answerBegan(passed)
        case "conversation.item.truncated": truncated(passed)
        case "error": refused(passed.event)
        default: break
        }
        progress.note(passed.type)
    }

    private mutating func committed(_ passed: RecordedEvent) {
        let place = commits.isEmpty ? nil : commits.removeFirst()
        let item = passed.event.text("item_id") ?? ""
        let text = transcripts[item]
        if let text { asked.append(text) }
        if let part = parts[item] {
            plan.soundTurns.append(text)
            put(JSONObject([("type", .string("input_audio_buffer.commit"))]), sound: part, place, passed.ms)
        } else if let text {
            plan.spokenTurns += 1
            put(.userMessage(text), place, passed.ms)
        } else {
            plan.wordlessTurns += 1
        }
    }

    /// Where the client committed; else where the server did.
    private mutating func put(_ event: JSONObject, sound: Range<Int>? = nil, _ place: Int?, _ ms: Double) {
        if let place, plan.steps.indices.contains(place) {
            plan.steps[place].event = event
            plan.steps[place].sound = sound
        } else {
            add(event, at: ms)
            plan.steps[plan.steps.count - 1].sound = sound
        }
    }

    private mutating func answerBegan(_ passed: RecordedEvent) {
        if creates > 0 {
            creates -= 1
        } else {
            add(JSONObject([("type", .string("response.create"))]), at: passed.ms)
        }
        answerBeganMs = passed.ms
        plan.asked.append(asked)
        asked = []
    }

    private mutating func truncated(_ passed: RecordedEvent) {
        guard truncates == 0 else {
            truncates -= 1
            return
        }
        var event = JSONObject([("type", .string("conversation.item.truncate"))])
        for name in ["item_id", "content_index", "audio_end_ms"] { event[name] = passed.event[name] }
        add(event, at: passed.ms)
    }

    /// An event that the server did not take has no other echo.
    private mutating func refused(_ event: JSONObject) {
        if event.object("error")?.text("code") == "input_audio_buffer_commit_empty" {
            if !commits.isEmpty { commits.removeFirst() }
        } else if lastSent == "response.create" {
            creates = max(0, creates - 1)
        } else if lastSent == "conversation.item.truncate" {
            truncates = max(0, truncates - 1)
        }
    }

    private mutating func add(_ event: JSONObject, at ms: Double) {
        var step = ReplayPlan.Step(event: event, needs: progress)
        if event.text("type") == "conversation.item.truncate" {
            // What cut the answer short was speech, which is not there now: it can be cut once it has ended.
            step.needs[.answerEnded] = step.needs[.answerBegun]
        } else if progress[.answerBegun] > progress[.answerEnded] {
            step.intoAnswerMs = ms - answerBeganMs
        }
        plan.steps.append(step)
    }

    /// What a person reads of an item that a client makes.
    private static func words(_ item: JSONObject) -> [String] {
        switch item.text("type") {
        case "message"? where item.text("role") == "user": item.objects("content").compactMap { $0.text("text") }
        case "function_call_output"?: item.text("output").map { ["(result of a tool) \($0)"] } ?? []
        default: []
        }
    }
}

extension ReplayPlan {
    /// No settings may have the server hear turns where those of the recording are said, or hear them in another format.
    fileprivate mutating func takeTurnsByHand() {
        for place in steps.indices where steps[place].event.text("type") == "session.update" {
            steps[place].event = steps[place].event.withoutTurnDetection()
        }
        guard steps.first?.event.text("type") != "session.update" else { return }
        var needs = ReplayTally()
        needs[.opened] = 1
        let update = JSONObject([("type", .string("session.update"))])
        steps.insert(Step(event: update.withoutTurnDetection(), needs: needs), at: 0)
    }
}

extension JSONObject {
    /// Of a `session.update`.
    fileprivate func withoutTurnDetection() -> JSONObject {
        var (event, session) = (self, object("session") ?? JSONObject([("type", .string("realtime"))]))
        var audio = session.object("audio") ?? JSONObject()
        var input = audio.object("input") ?? JSONObject()
        input["turn_detection"] = .null
        input["format"] = nil
        audio["input"] = .object(input)
        session["audio"] = .object(audio)
        event["session"] = .object(session)
        return event
    }

    fileprivate static func userMessage(_ text: String) -> JSONObject {
        let content = JSONObject([("type", .string("input_text")), ("text", .string(text))])
        let item = JSONObject([
            ("type", .string("message")), ("role", .string("user")), ("content", .array([.object(content)])),
        ])
        return JSONObject([("type", .string("conversation.item.create")), ("item", .object(item))])
    }
}
