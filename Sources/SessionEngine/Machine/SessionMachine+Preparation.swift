import RealtimeProtocol

/// What the model was told to read ahead, and whether that may have changed.
struct Preparation: Sendable {
    /// Set by whatever may change what the next response begins with.
    var isDue = false
    /// Read, or being read; nil once a response has started, which reads for itself.
    var request: ModelRequest?
}

extension SessionMachine {
    /// Has the model read what the next response will begin with, so that only the user's words are left to be read then:
    /// where that has changed, and nothing is being answered.
    mutating func prepareIfDue() {
        guard preparation.isDue else { return }
        guard settings.engine.prepares, configuration.kind == .realtime, responses.all.isEmpty,
            speculation == nil
        else { return }
        preparation.isDue = false
        guard let request = upcomingRequest(), request != preparation.request else { return }
        preparation.request = request
        act(.prepare(request))
    }

    /// That of a response that somebody creates without saying more.
    var upcomingPlan: ResponsePlan {
        ResponsePlan(
            ResponseParameters(), configuration, servers: sessionServers,
            context: conversation.order.map { .conversation($0) })
    }

    /// What a response would ask now, up to the first item that cannot be read yet; nil where it could not be asked.
    private func upcomingRequest() -> ModelRequest? {
        let plan = upcomingPlan
        let toolbox = toolbox(plan)
        let known = readable(Array(plan.context.prefix { !transcriptions.isPending($0.id) }))
        guard case .drop(let count) = fit(known, plan, toolbox) else { return nil }
        return request(plan, toolbox, known[count...].filter { !$0.answersCall(among: known[..<count]) }.map(\.item))
    }
}
