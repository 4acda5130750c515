import AudioPipeline
import SessionEngine
import SpeechEngines

/// What the drivers of a machine do alike: one timer for its deadlines, the budget it shares, and the tasks of a peer's audio.
protocol MachineDriver: SessionDriver, Actor {
    nonisolated var clock: any MonotonicClock { get }
    var transports: [TransportID: AttachedTransport] { get }
    var children: ChildTasks { get }
    /// What the timer waits for; nil when there is none.
    var timerDeadline: ContinuousClock.Instant? { get set }
    /// The machine's; nil for never. Costs a copy of the machine where that is an `any`.
    var nextDeadline: ContinuousClock.Instant? { get }
    /// Tells the machine that its deadline has come.
    func meetDeadline()
    /// Tells the machine what is left of the budget that the session shares.
    func learn(_ allowance: BudgetLedger.Allowance, _ ticket: ChildTicket)

    func receive(_ block: PCMBlock, _ ticket: ChildTicket) async
    /// A peer that stops sending in the middle of a word must be heard to be silent. Returns when to look again.
    func fillSilence(_ ticket: ChildTicket) -> ContinuousClock.Instant?
    func report(_ played: [PlayedAudio], _ ticket: ChildTicket)
}

extension MachineDriver {
    /// One timer: it is set anew only for a deadline before the one it waits for; after its time it looks again. Nothing starts
    /// once the session has ended.
    func armTimer(_ deadline: ContinuousClock.Instant?) {
        guard let deadline else { return }
        if let timerDeadline, timerDeadline <= deadline { return }
        timerDeadline = deadline
        let (clock, media) = (clock, transports.principal?.value.transport.media)
        children.start(.timer, on: media?.executor) { [self] ticket in
            do {
                try await (media?.clock ?? clock).sleep(until: deadline, tolerance: nil)
            } catch {
                // The peer is gone, and the session perhaps not.
                try? await clock.sleep(until: deadline, tolerance: nil)
            }
            await timerFired(ticket)
        }
    }

    private func timerFired(_ ticket: ChildTicket) {
        guard children.isCurrent(ticket) else { return }
        children.ended(ticket)
        timerDeadline = nil
        let deadline = nextDeadline
        if let deadline, deadline <= clock.now { meetDeadline() } else { armTimer(deadline) }
    }

    /// What others spend of the same budget is told to the machine.
    func watchAllowance(_ charge: SessionCharge?) {
        guard let charge else { return }
        let stream = charge.ledger.watch(charge.account)
        children.start(.allowance) { [self] ticket in
            for await allowance in stream { await learn(allowance, ticket) }
        }
    }

    /// The tasks that take what a peer says, what it does not say, and what it has heard.
    func startMedia(_ media: any SessionMedia, _ id: TransportID) {
        children.start(.audio(id), on: media.executor) { [self] ticket in
            for await block in media.audio { await receive(block, ticket) }
        }
        let clock = media.clock ?? clock
        children.start(.silence(id), on: media.executor) { [self] ticket in
            while let due = await fillSilence(ticket) {
                // With the peer, the watch is over.
                do { try await clock.sleep(until: due, tolerance: nil) } catch { return }
            }
        }
        children.start(.playout(id), on: media.executor) { [self] ticket in
            while true {
                let played = await media.nextPlayed()
                if played.isEmpty { return }
                await report(played, ticket)
            }
        }
    }
}
