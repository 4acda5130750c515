import RealtimeProtocol
import SessionEngine

/// What clients send.
extension UpstreamMachine {
    /// One event; what is wrong with it is told to that client, and the session goes on.
    mutating func client(_ event: RelayedEvent, from transport: TransportID) {
        do throws(ProtocolError) {
            try take(event)
        } catch {
            var error = error
            error.eventID = event.eventID
            tell(.error(error), to: .only(transport))
        }
    }

    private mutating func take(_ event: RelayedEvent) throws(ProtocolError) {
        switch event.type {
        case "input_audio_buffer.append": return append(event)
        case "output_audio_buffer.clear" where transports.hasPeer: return try clearOutput()
        case "response.create": try checkBudget()
        default: break
        }
        try checkTools(event)
        if isOpen { return forward(prepared(event)) }
        guard held.count < Self.maxHeldRequests else {
            throw ProtocolError(.server, code: "engine_overloaded", "Too many events wait for the upstream.")
        }
        held.append(prepared(event))
    }

    /// Audio is kept for a while, whether it can be sent or not: the upstream may go in the middle of a word.
    mutating func append(_ event: RelayedEvent) {
        let isWanted = !isOpen || isUserSpeaking || !detectsTurns
        let surplus = tail.add(event, limit: isWanted ? InputTail.maxBytes : InputTail.quietBytes)
        if isOpen { return act(.send(event)) }
        if surplus > 0 { act(.count(.audioDropped(bytes: surplus))) }
    }

    mutating func forward(_ event: RelayedEvent) {
        unanswered.add(event, now: now)
        act(.send(event))
    }

    /// With what the upstream must not be told, and the name that an answer to it needs.
    private mutating func prepared(_ event: RelayedEvent) -> RelayedEvent {
        var event = event
        for (type, name) in [("session.update", "session"), ("response.create", "response")] {
            guard event.type == type, let settings = event.object(name) else { continue }
            let bare = limited(transports.hasPeer ? UpstreamSettings.withoutFormats(settings) : settings)
            if bare != settings { event = event.with(name, .object(bare)) }
        }
        guard UnansweredRequests.kind(of: event) != nil, event.eventID == nil else { return event }
        return event.with("event_id", lentEventID())
    }

    private var turnDetection: JSONValue? {
        session?["audio"]?.object?["input"]?.object?["turn_detection"]
    }

    private var detectsTurns: Bool { turnDetection != .null }

    /// Whether the upstream stops answering when the user speaks. One that says it has no turn detection and hears speech all the
    /// same does.
    var interrupts: Bool { turnDetection?.object?["interrupt_response"] != .bool(false) }
}
