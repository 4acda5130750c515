import RealtimeProtocol

extension SessionMachine {
    /// Audio a client's truncation may lie past the end by, in ms: clients measure by their own clock (RT-100).
    static let truncationSlackMs = 500

    mutating func createItem(
        _ new: NewItem, _ placement: ClientEvent.Placement
    ) throws(ProtocolError) {
        let id = new.id ?? identifiers.item()
        try check(new.body, path: "item")
        if case .functionCallOutput(let output) = new.body, !conversation.hasCall(output.callID) {
            throw .unknownCall(output.callID)
        }
        try checkApproval(new.body)
        let item = Item(id: id, body: new.body)
        var entry = Conversation.Entry(item.withoutAudio)
        entry.audioMs = audioLengths(of: item)
        // A turn that has been announced and an item still being made own their names, whatever was deleted meanwhile.
        guard listening.turns.turn?.item != id, !responses.isMaking(id) else { throw .refused(.duplicate, id) }
        do {
            try conversation.insert(entry, placement)
        } catch {
            throw .refused(error, id)
        }
        if item.isFromUser { listening.idle.userActed() }
        preparation.isDue = true
        let previous = conversation.previous(of: id)
        emit(.conversationItemAdded(entry.item, previousItemID: previous))
        emit(.conversationItemDone(entry.item, previousItemID: previous))
        storeAudio(of: item, telling())
        if case .mcp(.approvalResponse(let response)) = new.body { approvalCame(response) }
    }

    /// What no item of a client may be, wherever it gives it.
    func check(_ body: Item.Body, path: String) throws(ProtocolError) {
        if case .mcp = body, path != "item" { throw .noApprovalHere(path: path) }
        guard case .message(let message) = body else { return }
        for (index, part) in message.content.enumerated() {
            switch part {
            case .outputAudio:
                throw .assistantAudio(path: "\(path).content[\(index)]")
            case .inputImage where !settings.engine.acceptsImages:
                throw .noImages(path: "\(path).content[\(index)]")
            default: break
            }
        }
    }

    /// Audio that came with an item goes to the driver, and to the recogniser where no transcript came with it.
    mutating func storeAudio(of item: Item, _ telling: Transcriptions.Telling) {
        for (index, transcript, audio) in item.inputAudio {
            guard let audio, !audio.isEmpty else { continue }
            act(.storeAudio(item.id, contentIndex: index, audio))
            guard transcript == nil else { continue }
            transcribe(
                .init(item: item.id, contentIndex: index), .item(item.id, contentIndex: index), telling)
        }
    }

    /// Length in ms of the audio that came with an item, by part.
    func audioLengths(of item: Item) -> [Int: Int] {
        let format = configuration.input.format
        let bytesPerMs = format.sampleRate * format.bytesPerSample / 1_000
        return item.inputAudio.reduce(into: [:]) { lengths, part in
            if let audio = part.audio { lengths[part.index] = audio.count / bytesPerMs }
        }
    }

    mutating func retrieve(_ id: ItemID, for transport: TransportID) throws(ProtocolError) {
        recordOpenItem()
        guard let entry = conversation[id] else {
            throw .unknownItem(id, code: "item_retrieve_invalid_item_id", doing: "retrieving")
        }
        act(.emitRetrieved(entry.item, to: transport))
    }

    mutating func delete(_ id: ItemID) throws(ProtocolError) {
        guard let entry = conversation.remove(id) else {
            throw .unknownItem(id, code: "item_delete_invalid_item_id", doing: "deleting")
        }
        preparation.isDue = true
        if transcriptions.drop(id) { act(.cancelTranscription(id)) }
        if entry.hasAudio { act(.dropAudio(id)) }
        emit(.conversationItemDeleted(id))
        toolItemDeleted(id)
        resolve(id)
    }

    mutating func truncate(_ id: ItemID, contentIndex: Int, audioEndMs: Int) throws(ProtocolError) {
        recordOpenItem()
        guard let entry = conversation[id] else {
            throw .unknownItem(id, code: "item_truncate_invalid_item_id", doing: "truncating")
        }
        guard contentIndex == 0, case .speech(let part)? = entry.output?.body, part.spokenSamples > 0 else {
            throw .notTruncatable
        }
        guard audioEndMs >= 0 else { throw .negativeTruncation }
        guard audioEndMs <= part.lengthMs + Self.truncationSlackMs else {
            throw .truncationPastEnd(lengthMs: part.lengthMs, endMs: audioEndMs)
        }
        let endMs = min(audioEndMs, part.lengthMs)
        let samples = audioEndMs >= part.lengthMs ? part.samples : endMs * SpokenPart.samplesPerMs
        cut(id, toSamples: samples)
        act(.cutAudio(id, contentIndex: 0, samples: samples))
        output.clientFellSilent()
        emit(.conversationItemTruncated(id, contentIndex: 0, audioEndMs: endMs))
    }

    /// Cuts the speech of an item, wherever it is kept: in the conversation, and in the response still at work on it.
    mutating func cut(_ id: ItemID, toSamples samples: Int) {
        preparation.isDue = true
        if var response = responses.active, let index = response.outputs.firstIndex(where: { $0.id == id }) {
            response.outputs[index].cut(toSamples: samples)
            responses.put(response)
        }
        conversation.update(id) { entry in
            guard var output = entry.output else { return }
            output.cut(toSamples: samples)
            entry.output = output
            entry.item = output.item
        }
    }

    /// Brings the item that is being spoken up to date in the conversation.
    mutating func recordOpenItem() {
        guard let active = responses.active, let index = active.openIndex else { return }
        conversation.record(active.outputs[index])
    }
}

extension OutputItem {
    mutating func cut(toSamples samples: Int) {
        guard case .speech(var part) = body else { return }
        part.cut(toSamples: samples)
        body = .speech(part)
    }
}

extension Conversation.Entry {
    /// Whether the driver holds audio of it.
    var hasAudio: Bool {
        if case .speech? = output?.body { true } else { !audioMs.isEmpty }
    }
}

extension Item {
    var isFromUser: Bool {
        if case .message(let message) = body { message.role == .user } else { false }
    }

    /// Its parts of input audio.
    var inputAudio: [(index: Int, transcript: String?, audio: [UInt8]?)] {
        guard case .message(let message) = body else { return [] }
        return message.content.enumerated().compactMap { index, part in
            guard case .inputAudio(let transcript, let audio) = part else { return nil }
            return (index, transcript, audio)
        }
    }
}
