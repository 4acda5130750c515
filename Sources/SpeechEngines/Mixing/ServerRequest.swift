import Logging
import SessionEngine

/// One request of a session to the servers of a stage: performs what its race decides.
///
/// Every server that is asked is a task of its own; this one takes what they tell, one after the other, and alone hands output
/// on. It returns when all those tasks have ended, so that nothing of a request outlives it.
struct ServerRequest<Output: Sendable, Answer: Sendable>: Sendable {
    /// Asks one server; its output goes to the closure, which returns when it was taken.
    typealias Ask =
        @Sendable (_ server: Int, _ onOutput: @escaping @Sendable (Output) async -> Void) async throws(EngineFailure) ->
        Answer

    let servers: StageServers
    let session: StageSession
    /// Of the whole answer, in the units of `size`.
    let bound: Int
    let size: @Sendable (Output) -> Int
    let ask: Ask

    /// - Parameter handOn: gets the winner's output, in order.
    func run(handOn: (Output) async -> Void) async throws(EngineFailure) -> Answer {
        let entrants = servers.entrants()
        guard !entrants.isEmpty else {
            throw EngineFailure(
                code: "engine_overloaded", message: "The servers of the \(servers.stage) are busy; try again later.")
        }
        let errands = ServerErrands(self)
        let race = ServerRace(servers.stage, entrants, bound: bound, now: servers.clock.now)
        let result = await withTaskCancellationHandler {
            await drive(race, errands, handOn)
        } onCancel: {
            errands.mailbox.send(.race(.cancelled))
        }
        return try result.get()
    }

    private func drive(
        _ race: ServerRace, _ errands: ServerErrands<Output, Answer>, _ handOn: (Output) async -> Void
    ) async -> Result<Answer, EngineFailure> {
        var (race, errands) = (race, errands)
        errands.perform(race.begin(now: servers.clock.now))
        while !errands.areOver {
            errands.arm(race.nextDeadline)
            switch await errands.mailbox.next() {
            case .race(let input): errands.perform(race.handle(input, now: servers.clock.now))
            case .timer: errands.perform(race.handle(errands.timerFired(), now: servers.clock.now))
            case .ended(let server, let ending):
                errands.perform(race.handle(errands.ended(server, ending), now: servers.clock.now))
            case .output(let server, let output, let taken):
                let effects = race.handle(.output(server, size: size(output)), now: servers.clock.now)
                errands.perform(effects)
                if effects.contains(.handOn(server)) {
                    await handOn(output)
                    errands.perform(race.handle(.handedOn, now: servers.clock.now))
                }
                taken.resume()
            }
        }
        errands.disarm()
        return errands.result
    }
}
