import RealtimeProtocol
import SessionEngine

/// What clients send.
extension UpstreamMachine {
    mutating func client(_ event: RelayedEvent, from transport: TransportID) {
        switch event.type {
        case "input_audio_buffer.append": append(event)
        case "output_audio_buffer.clear" where transports.hasPeer:
            do throws(ProtocolError) {
                try clearOutput()
            } catch {
                var error = error
                error.eventID = event.eventID
                tell(.error(error), to: .only(transport))
            }
        case _ where isOpen: forward(prepared(event))
        case _ where held.count < Self.maxHeldRequests: held.append(prepared(event))
        default:
            tell(
                .error(
                    ProtocolError(
                        .server, code: "engine_overloaded", "Too many events wait for the upstream.",
                        eventID: event.eventID)), to: .only(transport))
        }
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
        if transports.hasPeer {
            for (type, name) in [("session.update", "session"), ("response.create", "response")] {
                guard event.type == type, let settings = event.object(name) else { continue }
                let bare = UpstreamSettings.withoutFormats(settings)
                if bare != settings { event = event.with(name, .object(bare)) }
            }
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
