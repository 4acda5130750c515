import GatewayServer

/// Answers offers by a script and remembers what it was asked.
actor ScriptedCallService: CallService {
    static let answer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"

    private(set) var requests: [CallRequest] = []
    private(set) var hungUp: [CallID] = []
    private var failure: CallError?
    private var running: Set<CallID> = []
    private var gate: CheckedContinuation<Void, Never>?
    private var isHeld = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

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
        running.insert(id)
        return CallAnswer(id: id, answer: Self.answer)
    }

    func hangUp(_ id: CallID) async -> Bool {
        hungUp.append(id)
        return running.remove(id) != nil
    }
}
