/// Which way packets go to a peer that may change its address in the call. Pure: what is heard where goes in, and a
/// challenge to be sent comes out.
///
/// A new address must authenticate twice: by a packet under the keys of the call, and by its answer to a challenge under
/// the peer's ICE password. It is not looked at while the present one is heard. The address that was left is not asked
/// (RFC 9000 §9.3.3 does): a peer with two ways answers there too, though it sends by the other.
struct PathFollower {
    /// How long nothing was heard where the peer was before another address may take over.
    static let silence = Duration.milliseconds(200)
    /// Between challenges to the same address; each is for a packet that came from there.
    static let challengeInterval = Duration.milliseconds(100)
    /// An answer that comes later than this after the last challenge counts for nothing.
    static let patience = Duration.seconds(2)

    /// Which way to send.
    enum Route: Equatable {
        /// As the ICE agent does, on the pair it selected.
        case agent
        case direct(DatagramPath)
    }

    /// A connectivity check that `path` is to answer.
    struct Challenge: Equatable {
        let path: DatagramPath
        let transaction: STUNTransaction
    }

    private(set) var route = Route.agent
    /// The agent's selected pair; nil while it is relayed or by TCP.
    private var agentPath: DatagramPath?
    private var lastHeard: ContinuousClock.Instant
    private var pending: (challenge: Challenge, sent: ContinuousClock.Instant)?

    init(now: ContinuousClock.Instant) { lastHeard = now }

    /// Whether the agent's pair is one that packets come in by directly.
    var agentIsDirect: Bool { agentPath != nil }

    /// The path that is in use; nil when it is the agent's own matter.
    var path: DatagramPath? {
        switch route {
        case .agent: agentPath
        case .direct(let path): path
        }
    }

    /// Whether this is the answer to a challenge.
    func expects(_ transaction: STUNTransaction, on path: DatagramPath) -> Bool {
        pending?.challenge == Challenge(path: path, transaction: transaction)
    }

    /// The agent has selected a pair: it is believed, until the peer is heard elsewhere.
    mutating func agentSelected(_ path: DatagramPath?, now: ContinuousClock.Instant) {
        agentPath = path
        move(to: path, now: now)
    }

    /// A packet that authenticated; `path` is nil when it came by the agent. Returns a challenge that is due.
    mutating func heard(
        on path: DatagramPath?, now: ContinuousClock.Instant, transaction: () -> STUNTransaction
    ) -> Challenge? {
        guard let path else {
            heardByAgent(now: now)
            return nil
        }
        guard path != self.path else {
            lastHeard = now
            pending = nil
            return nil
        }
        guard now - lastHeard >= Self.silence else { return nil }
        if let pending, pending.challenge.path == path {
            guard now - pending.sent >= Self.challengeInterval else { return nil }
            self.pending = (pending.challenge, now)
            return pending.challenge
        }
        // The latest address takes the place of one that did not answer yet.
        if let pending, now - pending.sent < Self.challengeInterval { return nil }
        let challenge = Challenge(path: path, transaction: transaction())
        pending = (challenge, now)
        return challenge
    }

    /// `path` answered `transaction` under the peer's password; true when packets go there from now on.
    mutating func answered(
        _ transaction: STUNTransaction, on path: DatagramPath, now: ContinuousClock.Instant
    ) -> Bool {
        guard expects(transaction, on: path), let pending, now - pending.sent <= Self.patience else { return false }
        move(to: path, now: now)
        return true
    }

    private mutating func move(to path: DatagramPath?, now: ContinuousClock.Instant) {
        route = if let path, path != agentPath { .direct(path) } else { .agent }
        pending = nil
        lastHeard = now
    }

    /// The agent passes on only what comes from where its checks succeeded. Of a direct pair it reads a packet now and
    /// then that stood behind STUN, from whichever address; a relay or a TCP connection proves itself.
    private mutating func heardByAgent(now: ContinuousClock.Instant) {
        switch route {
        case .agent: lastHeard = now
        case .direct:
            guard agentPath == nil, now - lastHeard >= Self.silence else { return }
            move(to: nil, now: now)
        }
    }
}
