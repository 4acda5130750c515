import RealtimeProtocol

/// Client events in either dialect: what they say is taken or refused by a field's name, and what is told to clients
/// about it is JSON within the limit of the connection. The length of the input says which dialect and which limit.
func fuzz(_ input: UnsafeRawBufferPointer) {
    let message = Array(input)
    let dialect = message.count.isMultiple(of: 2) ? Dialect.current : .beta
    let limit = [200, 400, 1 << 20][message.count / 2 % 3]
    do throws(ProtocolError) {
        let event = try EventDecoder(dialect: dialect).decode(message)
        check(event, of: message)
        send(try answer(to: event), dialect, limit: limit)
    } catch {
        guard error.code != "invalid_json" else { return }
        precondition(error.code == "invalid_event" || error.param != nil)
        send(.error(error), dialect, limit: limit)
    }
}

/// Audio that was read straight from the bytes is read the same way when something makes that impossible.
private func check(_ event: ClientEvent, of message: [UInt8]) {
    guard case .inputAudioBufferAppend = event.payload, let start = message.firstIndex(of: UInt8(ascii: "{")) else {
        return
    }
    let longer = message[...start] + Array(#""~":0,"#.utf8) + message[(start + 1)...]
    precondition((try? EventDecoder(dialect: .current).decode(Array(longer))) == event)
}

/// An event that shows what the client sent.
private func answer(to event: ClientEvent) throws(ProtocolError) -> ServerEvent {
    switch event.payload {
    case .sessionUpdate(let update):
        let isTranscription = update["type"] == .string("transcription")
        let start = SessionConfiguration(kind: isTranscription ? .transcription : .realtime, model: "m")
        let merged = try start.merging(update)
        let session = Session(id: SessionID("sess_1"), expiresAt: 0, configuration: merged)
        precondition(reread(session) == reread(session, times: 2))
        return .sessionUpdated(session)
    case .conversationItemCreate(let item, _):
        return .conversationItemRetrieved(Item(id: item.id ?? ItemID("item_1"), body: item.body))
    case .conversationItemRetrieve(let id): return .conversationItemDeleted(id)
    case .inputAudioBufferAppend(let audio): return .outputAudioDelta(address, audio)
    case .responseCreate(let parameters):
        return .outputTextDelta(address, parameters.instructions ?? "")
    default: return .inputAudioBufferCleared
    }
}

private let address = PartAddress(
    item: ItemAddress(response: ResponseID("resp_1"), item: ItemID("item_1"), outputIndex: 0), contentIndex: 0)

/// The configuration after the session was written and read so often.
private func reread(_ session: Session, times: Int = 1) -> SessionConfiguration {
    var session = session
    for _ in 0..<times {
        var json = JSONWriter()
        json.session(session, .current)
        guard case .object(let object)? = try? JSONParser.parse(json.bytes),
            let configuration = try? SessionConfiguration(parsing: object, defaultModel: "m")
        else { fatalError("a session of ours that cannot be read") }
        session.configuration = configuration
    }
    return session.configuration
}

private func send(_ event: ServerEvent, _ dialect: Dialect, limit: Int) {
    let encoder = EventEncoder(dialect: dialect, wantsExtensions: true, maxMessageBytes: limit)
    for message in encoder.encode(event, eventID: "event_1").messages {
        precondition(message.count <= limit)
        guard case .object? = try? JSONParser.parse(message) else { fatalError("an event that is no JSON object") }
    }
}
