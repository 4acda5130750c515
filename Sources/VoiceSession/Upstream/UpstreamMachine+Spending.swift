import RealtimeProtocol
import SessionEngine

/// What a session that is passed on may cost.
extension UpstreamMachine {
    /// Ends answers where the money is used up: the client is told why, the service to stop; what it has said is heard to its end,
    /// and the response says once more why it is over.
    mutating func reviewSpending() {
        guard spending.isLimited, responses.contains(where: { $0.refusal == nil }),
            let refusal = spending.refusal(responses.map(\.usage), now: now)
        else { return }
        tell(.error(ProtocolError(.rateLimit, code: refusal.code, refusal.message)))
        for index in responses.indices where responses[index].refusal == nil {
            responses[index].refusal = refusal
            guard isOpen else { continue }
            act(
                .send(
                    RelayedEvent(
                        "response.cancel",
                        [("event_id", ownEventID()), ("response_id", .string(responses[index].id))])))
        }
    }

    /// A response that would cost what is not there is refused in words.
    func checkBudget() throws(ProtocolError) {
        guard let refusal = spending.refusal(responses.map(\.usage), now: now) else { return }
        throw ProtocolError(.rateLimit, code: refusal.code, refusal.message)
    }
}
