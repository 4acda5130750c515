/// Which missing packets a peer is asked for once more (RFC 4585 §6.2.1), and how long an answer is worth waiting for. Pure.
///
///     a gap                   each packet of it is asked for at once, again after the time that an answer takes
///     it comes, or its        it is asked for no more
///     redundancy does
///     three times in vain     given up
///
/// Browsers answer although they do not offer to (libwebrtc keeps its audio packets whatever was agreed), others never do.
/// So every peer is asked, and what follows a gap waits only for one that has answered; whoever never does is asked no more.
package struct RepairRequests: Sendable {
    /// Of one gap, the last ones: what is older than the longest wait comes too late.
    static let longestGap: Int64 = 12
    /// Of how many packets nothing may come before a peer counts as one that does not answer.
    static let enoughInVain = 24
    private static let maxAsks = 3
    /// So many packets in a row that come too soon for answers say that the path has become shorter; so many answers in a
    /// row after a second request, that it has become longer.
    private static let enoughInARow = 4
    /// The oldest give way.
    private static let mostMissing = 48
    /// Nothing is missing longer.
    private static let memory = Duration.seconds(1)
    /// Answers that take longer come after the longest wait. They are asked for now and then all the same: paths change.
    private static let longestAnswer = Duration.milliseconds(240)
    private static let trialPause = Duration.seconds(5)
    /// Before the first answer.
    private static let guess = longestAnswer
    /// Beside what answers differ by: a tick at each end.
    private static let margin = Duration.milliseconds(10)

    private struct Missing {
        let sequence: Int64
        let since: ContinuousClock.Instant
        var asks = 0
        var firstAsked: ContinuousClock.Instant?
        var lastAsked: ContinuousClock.Instant?
    }

    private var missing: [Missing] = []
    private var highest: Int64?
    /// Between a request and its answer, smoothed, and how far answers lie from that (RFC 6298 §2).
    private var usual: Duration?
    private var deviation = Duration.zero
    private var inVain = 0
    /// Packets since the last answer that came sooner than answers do.
    private var tooSoon = 0
    /// Answers in a row of which nobody knows which request they answer.
    private var ambiguous = 0
    private var lastRequest: ContinuousClock.Instant?

    package init() {}

    /// How long what follows a gap may wait for an answer to one request, or to a second one where there is time for it.
    package var patience: Duration {
        guard let usual, usual <= Self.longestAnswer else { return .zero }
        return min(answerTime * 2, Self.longestAnswer)
    }

    /// One packet came; true when it is the answer to a request.
    package mutating func received(_ sequence: Int64, now: ContinuousClock.Instant) -> Bool {
        defer { highest = max(highest ?? sequence, sequence) }
        guard let highest else { return false }
        if sequence > highest {
            noteGap(max(highest + 1, sequence - Self.longestGap)..<sequence, now: now)
            return false
        }
        guard let index = missing.firstIndex(where: { $0.sequence == sequence }) else { return false }
        return answered(missing.remove(at: index), now: now)
    }

    /// Another packet carried it.
    package mutating func restored(_ sequence: Int64) {
        missing.removeAll { $0.sequence == sequence }
    }

    /// What to ask for at `now`, in ascending order.
    package mutating func due(now: ContinuousClock.Instant) -> [Int64] {
        if missing.isEmpty { return [] }
        forget(now: now)
        guard isWorthAsking(now: now) else { return [] }
        var sequences: [Int64] = []
        for index in missing.indices where missing[index].asks < Self.maxAsks {
            if let last = missing[index].lastAsked, now - last < answerTime { continue }
            missing[index].asks += 1
            missing[index].firstAsked = missing[index].firstAsked ?? now
            missing[index].lastAsked = now
            lastRequest = now
            sequences.append(missing[index].sequence)
        }
        return sequences
    }

    /// A new run of sequence numbers, of the same peer.
    package mutating func restart() {
        missing.removeAll(keepingCapacity: true)
        highest = nil
    }

    private var answerTime: Duration {
        usual.map { $0 + max(deviation * 4, Self.margin) } ?? Self.guess
    }

    private func isWorthAsking(now: ContinuousClock.Instant) -> Bool {
        if inVain >= Self.enoughInVain { return false }
        guard let usual, usual > Self.longestAnswer, let lastRequest else { return true }
        return now - lastRequest >= Self.trialPause
    }

    private mutating func noteGap(_ gap: Range<Int64>, now: ContinuousClock.Instant) {
        for sequence in gap { missing.append(Missing(sequence: sequence, since: now)) }
        let tooMany = missing.count - Self.mostMissing
        if tooMany > 0 { missing.removeFirst(tooMany) }
    }

    /// A packet that was only overtaken comes sooner than an answer could.
    private mutating func answered(_ packet: Missing, now: ContinuousClock.Instant) -> Bool {
        guard let first = packet.firstAsked else { return false }
        let soonest = (usual ?? .zero) * 0.75
        if now - first < soonest {
            tooSoon += 1
            if tooSoon < Self.enoughInARow { return false }
            usual = nil
        }
        (inVain, tooSoon) = (0, 0)
        ambiguous = packet.asks == 1 ? 0 : ambiguous + 1
        if ambiguous == 0 || ambiguous >= Self.enoughInARow { learn(now - first) }
        return true
    }

    private mutating func learn(_ time: Duration) {
        guard let before = usual else {
            usual = time
            deviation = time / 2
            return
        }
        let difference = time > before ? time - before : before - time
        deviation = deviation * 0.75 + difference * 0.25
        usual = before * 0.875 + time * 0.125
    }

    private mutating func forget(now: ContinuousClock.Instant) {
        let old = missing.count { now - $0.since >= Self.memory }
        guard old > 0 else { return }
        // They stand in the order they were missed.
        if usual == nil { inVain += missing[..<old].count { $0.asks > 0 } }
        missing.removeFirst(old)
    }
}
