import RealtimeProtocol

/// What the server sent then and now, compared.
package struct ReplayReport: Sendable {
    /// Event types that come and go with sound, or cut into as many pieces as there was time for.
    private static let incomparable = [
        "input_audio_buffer.", "output_audio_buffer.", "conversation.item.input_audio_transcription.",
    ]
    private static let pieces: Set<String> = ["response.output_audio.delta", "response.audio.delta"]

    package struct Refusal: Equatable, Hashable, Sendable {
        package var code: String
        package var message: String
    }

    /// By event type, in the order of the first time.
    package private(set) var counts: [(type: String, then: Int, now: Int)] = []
    /// `error` events that the recording does not have.
    package private(set) var newErrors: [Refusal] = []
    /// Answers that failed, of those that had not.
    package private(set) var newFailures = 0
    package private(set) var turns = 0
    /// Why the session ended before the recording did.
    package var brokenOff: String?

    private var places: [String: Int] = [:]
    private var knownErrors: [Refusal]

    init(recorded: [RecordedEvent]) {
        knownErrors = []
        for passed in recorded where passed.sender == .server {
            note(passed.type, now: false)
            if passed.type == "error" { knownErrors.append(Refusal(passed.event)) }
        }
    }

    /// A server event of now.
    mutating func note(_ event: JSONObject) {
        guard let type = event.text("type") else { return }
        note(type, now: true)
        guard type == "error" else { return }
        let error = Refusal(event)
        if let known = knownErrors.firstIndex(where: { $0.code == error.code }) {
            knownErrors.remove(at: known)
        } else {
            newErrors.append(error)
        }
    }

    mutating func note(_ turn: ReplayTurn) {
        turns += 1
        if turn.now.status == "failed" && turn.then?.status != "failed" { newFailures += 1 }
    }

    /// Why the server did not open a session; nil where it did.
    package var refusal: Refusal? {
        guard brokenOff != nil, !counts.contains(where: { $0.type == "session.created" && $0.now > 0 }) else {
            return nil
        }
        return newErrors.first ?? Refusal(code: "closed", message: "It ended the connection without a word.")
    }

    /// Whether nothing went wrong that had gone right in the recording.
    package var isGood: Bool { newErrors.isEmpty && newFailures == 0 && brokenOff == nil }

    /// For people.
    package var text: String {
        let different = counts.filter { $0.then != $0.now }
        let same = counts.count - different.count
        var lines = ["The server's events: \(same) of \(counts.count) kinds came as often as then."]
        lines += different.map { "  \($0.type): \(Self.times($0.then)) then, \(Self.times($0.now)) now" }
        lines += newErrors.map { "An error that the recording does not have: \($0.code): \($0.message)" }
        if newFailures > 0 { lines.append("Answers that failed and had not failed then: \(newFailures)") }
        if let brokenOff { lines.append(brokenOff) }
        if isGood { lines.append("No error that the recording does not have.") }
        return lines.joined(separator: "\n")
    }

    private static func times(_ count: Int) -> String { count == 0 ? "none" : "\(count)" }

    private mutating func note(_ type: String, now: Bool) {
        guard !Self.pieces.contains(type), !Self.incomparable.contains(where: type.hasPrefix) else { return }
        let place = places[type] ?? counts.count
        if place == counts.count {
            places[type] = place
            counts.append((type, 0, 0))
        }
        if now { counts[place].now += 1 } else { counts[place].then += 1 }
    }
}

extension ReplayReport.Refusal {
    fileprivate init(_ event: JSONObject) {
        let error = event.object("error") ?? JSONObject()
        code = error.text("code") ?? error.text("type") ?? "unknown"
        message = error.text("message") ?? ""
    }
}
