/// Reads the events of one client.
package struct EventDecoder: Sendable {
    /// Audio of one `input_audio_buffer.append`, before base64.
    package static let maxAppendBytes = 15 << 20
    /// Of what a client calls its events; errors repeat it.
    package static let maxEventIDLength = 512

    private let dialect: Dialect

    package init(dialect: Dialect) {
        self.dialect = dialect
    }

    /// The event of one message. The error carries the message's `event_id` where there was one to read.
    package func decode(_ message: [UInt8]) throws(ProtocolError) -> ClientEvent {
        if let append = message.withUnsafeBufferPointer({ AppendScanner($0) }), let audio = append.audio {
            return try Self.event(append.eventID) { () throws(ProtocolError) in
                .inputAudioBufferAppend(try Self.checked(audio))
            }
        }
        let fields = JSONFields(try Self.object(of: message), path: "")
        return try Self.event(try fields.string("event_id")) { () throws(ProtocolError) in try payload(fields) }
    }

    private static func event(
        _ eventID: String?, _ payload: () throws(ProtocolError) -> ClientEvent.Payload
    ) throws(ProtocolError) -> ClientEvent {
        if let eventID, eventID.unicodeScalars.count > maxEventIDLength {
            throw .invalid("event_id", "at most \(maxEventIDLength) characters")
        }
        do throws(ProtocolError) {
            return ClientEvent(eventID: eventID, try payload())
        } catch {
            var error = error
            error.eventID = eventID
            throw error
        }
    }

    /// The object that any event is.
    package static func object(of message: [UInt8]) throws(ProtocolError) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(message)
        } catch {
            throw ProtocolError(code: "invalid_json", "The message is not valid JSON: \(error.message).")
        }
        guard case .object(let object) = value else {
            throw ProtocolError(code: "invalid_event", "An event must be a JSON object.")
        }
        return object
    }

    private func payload(_ fields: JSONFields) throws(ProtocolError) -> ClientEvent.Payload {
        let name = try fields.requiredString("type")
        guard let type = ClientEventType(rawValue: name), dialect == .beta || !type.isBeta else {
            throw .unknownWord("type", name, known: ClientEventType.names(in: dialect))
        }
        switch type {
        case .sessionUpdate: return .sessionUpdate(try session(fields))
        case .transcriptionSessionUpdate:
            var session = try session(fields)
            session["type"] = .string(SessionConfiguration.Kind.transcription.rawValue)
            return .sessionUpdate(session)
        case .append: return .inputAudioBufferAppend(try audio(fields))
        case .commit: return .inputAudioBufferCommit
        case .clear: return .inputAudioBufferClear
        case .itemCreate:
            let item = try NewItem(try fields.requiredFields("item"))
            return .conversationItemCreate(item, try placement(fields))
        case .itemRetrieve: return .conversationItemRetrieve(try fields.requiredItemID("item_id"))
        case .itemTruncate:
            return .conversationItemTruncate(
                try fields.requiredItemID("item_id"),
                contentIndex: try fields.requiredInteger("content_index", in: 0...Int.max),
                audioEndMs: try fields.requiredInteger("audio_end_ms", in: 0...Int.max))
        case .itemDelete: return .conversationItemDelete(try fields.requiredItemID("item_id"))
        case .responseCreate: return .responseCreate(try response(fields))
        case .responseCancel: return .responseCancel(try fields.identifier("response_id").map(ResponseID.init))
        case .outputClear: return .outputAudioBufferClear
        }
    }

    private func session(_ fields: JSONFields) throws(ProtocolError) -> JSONObject {
        let session = try fields.requiredFields("session").object
        return dialect == .beta ? BetaFields.session.current(session) : session
    }

    private func response(_ fields: JSONFields) throws(ProtocolError) -> ResponseParameters {
        guard let response = try fields.fields("response") else { return ResponseParameters() }
        guard dialect == .beta else { return try ResponseParameters(response) }
        return try ResponseParameters(
            JSONFields(BetaFields.response.current(response.object), path: response.path))
    }

    private func audio(_ fields: JSONFields) throws(ProtocolError) -> [UInt8] {
        guard let audio = Base64.decode(try fields.requiredString("audio").utf8) else { throw .notBase64("audio") }
        return try Self.checked(audio)
    }

    private static func checked(_ audio: [UInt8]) throws(ProtocolError) -> [UInt8] {
        guard audio.count <= maxAppendBytes else {
            throw .invalid("audio", "at most \(maxAppendBytes) bytes of audio in one event")
        }
        return audio
    }

    private func placement(_ fields: JSONFields) throws(ProtocolError) -> ClientEvent.Placement {
        switch try fields.identifier("previous_item_id") {
        case nil: .end
        case "root": .beginning
        case let id?: .after(ItemID(id))
        }
    }
}
