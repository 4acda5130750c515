import GatewayServer
import RealtimeProtocol

/// Answers offers by a script and remembers what it was asked; its calls have sessions without media.
actor ScriptedCallService: CallService {
    static let answer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"

    static let restartAnswer = "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"

    private(set) var requests: [CallRequest] = []
    private(set) var restarts: [String] = []
    private(set) var hungUp: [CallID] = []
    private let sessions: SessionRegistry
    private var failure: CallError?
    private var running: [CallID: SessionEntry] = [:]
    private var gate: CheckedContinuation<Void, Never>?
    private var isHeld = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(sessions: SessionRegistry) {
        self.sessions = sessions
    }

    /// The next offers fail with this.
    func fail(with error: CallError) { failure = error }

    /// The next offer waits for `release`.
    func hold() { isHeld = true }

    func release() {
        isHeld = false
        gate?.resume()
        gate = nil
    }

    /// Returns when an offer waits.
    func waitUntilHeld() async {
        guard gate == nil else { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    func place(_ request: CallRequest) async throws(CallError) -> CallAnswer {
        requests.append(request)
        if isHeld {
            await withCheckedContinuation { continuation in
                gate = continuation
                for waiter in waiters { waiter.resume() }
                waiters = []
            }
        }
        if let failure { throw failure }
        let id = CallID.random()
        do {
            running[id] =
                if let resume = request.resume {
                    try await sessions.open(resume, by: request.start.caller, as: id)
                } else {
                    try await sessions.open(request.start, as: id)
                }
        } catch {
            throw .badSession(error)
        }
        return CallAnswer(id: id, answer: Self.answer)
    }

    func restart(_ id: CallID, _ caller: Caller, offer: String) async throws(CallError) -> String? {
        guard await sessions.mayReach(id, caller), running[id] != nil else { return nil }
        restarts.append(offer)
        if let failure { throw failure }
        return Self.restartAnswer
    }

    func hangUp(_ id: CallID, _ caller: Caller) async -> Bool {
        hungUp.append(id)
        guard await sessions.mayReach(id, caller), let entry = running.removeValue(forKey: id) else { return false }
        await sessions.abandon(entry)
        return true
    }
}
