import RealtimeProtocol

/// One answer as it comes.
struct LoadAnswer: Sendable {
    enum Playing: Equatable, Sendable { case unknown, now, over }

    /// Sound has ended, as far as nobody says so, once none has come for so long.
    private static let quiet = Duration.milliseconds(500)
    /// And where the server said that it plays, and never that it stopped.
    private static let longQuiet = Duration.seconds(3)

    private(set) var firstSound: ContinuousClock.Instant?
    private(set) var lastSound: ContinuousClock.Instant?
    private(set) var done: ContinuousClock.Instant?
    private(set) var playing = Playing.unknown
    private(set) var status = ""
    /// Functions that the answer calls.
    private(set) var calls: [(id: String, name: String)] = []
    /// Of all sound so far; over a WebSocket it comes before it is heard.
    private var length = Duration.zero

    var hasBegun: Bool { firstSound != nil }

    mutating func sound(_ length: Duration, now: ContinuousClock.Instant) {
        firstSound = firstSound ?? now
        lastSound = now
        self.length += length
    }

    /// True once the functions it calls are to be called.
    mutating func note(_ type: String, _ event: JSONObject, now: ContinuousClock.Instant) -> Bool {
        switch type {
        case "output_audio_buffer.started": playing = .now
        case "output_audio_buffer.stopped", "output_audio_buffer.cleared": playing = .over
        case "response.done":
            let response = event.object("response")
            done = now
            status = response?.text("status") ?? ""
            calls = (response?.objects("output") ?? []).compactMap { item in
                guard item.text("type") == "function_call", let id = item.text("call_id"),
                    let name = item.text("name")
                else { return nil }
                return (id, name)
            }
            return !calls.isEmpty
        default: break
        }
        return false
    }

    /// What the functions gave back was sent: the answer goes on in another response.
    mutating func goOn() {
        done = nil
        calls = []
    }

    /// Whether it was heard to its end.
    func isOver(now: ContinuousClock.Instant, isWebSocket: Bool) -> Bool {
        guard let done, calls.isEmpty else { return false }
        guard let firstSound, let lastSound else { return done.duration(to: now) >= Self.quiet }
        if isWebSocket { return now >= firstSound + length }
        switch playing {
        case .over: return true
        case .unknown: return lastSound.duration(to: now) >= Self.quiet
        case .now: return lastSound.duration(to: now) >= Self.longQuiet
        }
    }
}
