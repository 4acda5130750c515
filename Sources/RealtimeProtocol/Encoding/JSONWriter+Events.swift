/// Pieces that several events share.
extension JSONWriter {
    mutating func address(_ address: ItemAddress) {
        member("response_id", address.response.rawValue)
        member("item_id", address.item.rawValue)
        member("output_index", address.outputIndex)
    }

    mutating func address(_ address: PartAddress) {
        self.address(address.item)
        member("content_index", address.contentIndex)
    }

    mutating func content(_ item: ItemID, _ index: Int) {
        member("item_id", item.rawValue)
        member("content_index", index)
    }

    /// The part of `response.content_part.*`, which has other names than the content of an item (RT-131).
    mutating func part(_ modality: OutputModality, text: String) {
        object("part") {
            $0.member("type", modality.rawValue)
            switch modality {
            case .audio: $0.member("transcript", text)
            case .text: $0.member("text", text)
            }
        }
    }

    mutating func words(_ words: [WordTiming]) {
        object("parley") {
            $0.array("words", words) { json, word in
                json.object {
                    $0.member("text", word.text)
                    $0.member("start_ms", word.startMs)
                    $0.member("end_ms", word.endMs)
                }
            }
        }
    }

    mutating func resume(_ offer: ResumeOffer) {
        object("resume") {
            $0.member("token", offer.token)
            $0.member("grace_seconds", Int(offer.grace.components.seconds))
            guard let replay = offer.replay else { return }
            $0.member("replayed", replay.events)
            $0.member("complete", replay.isComplete)
        }
    }

    mutating func rateLimit(_ limit: RateLimit) {
        object {
            $0.member("name", limit.name.rawValue)
            $0.member("limit", limit.limit)
            $0.member("remaining", limit.remaining)
            $0.member("reset_seconds", limit.resetSeconds)
        }
    }

    mutating func error(_ error: ProtocolError, _ dialect: Dialect) {
        let error = dialect == .beta ? error.inBetaNames : error
        object("error") {
            $0.member("type", error.kind.rawValue)
            $0.member("code", orNull: error.code)
            $0.member("message", error.message)
            $0.member("param", orNull: error.param)
            $0.member("event_id", orNull: error.eventID)
        }
    }
}
