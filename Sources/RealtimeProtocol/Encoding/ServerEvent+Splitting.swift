extension ServerEvent {
    /// Two deltas of the same kind that together say what this one does; nil for what cannot be halved.
    var halves: (ServerEvent, ServerEvent)? {
        switch self {
        case .outputTextDelta(let address, let text):
            text.halves.map { (.outputTextDelta(address, $0), .outputTextDelta(address, $1)) }
        case .outputAudioTranscriptDelta(let address, let text, let words):
            Self.halves(of: text, words).map {
                (
                    .outputAudioTranscriptDelta(address, $0.text, words: $0.words),
                    .outputAudioTranscriptDelta(address, $1.text, words: $1.words)
                )
            }
        case .functionCallArgumentsDelta(let address, let call, let text):
            text.halves.map {
                (.functionCallArgumentsDelta(address, call, $0), .functionCallArgumentsDelta(address, call, $1))
            }
        case .mcpCallArgumentsDelta(let address, let text):
            text.halves.map { (.mcpCallArgumentsDelta(address, $0), .mcpCallArgumentsDelta(address, $1)) }
        case .inputAudioTranscriptionDelta(let item, let index, let text):
            text.halves.map {
                (
                    .inputAudioTranscriptionDelta(item, contentIndex: index, delta: $0),
                    .inputAudioTranscriptionDelta(item, contentIndex: index, delta: $1)
                )
            }
        case .outputAudioDelta(let address, let audio):
            audio.halves.map { (.outputAudioDelta(address, $0), .outputAudioDelta(address, $1)) }
        default: nil
        }
    }

    /// Words go with the half they are likely in; either may come alone.
    private static func halves(
        of text: String, _ words: [WordTiming]
    ) -> ((text: String, words: [WordTiming]), (text: String, words: [WordTiming]))? {
        let middle = words.count / 2
        let (first, second) = text.halves ?? (text, "")
        guard !second.isEmpty || middle > 0 else { return nil }
        return ((first, Array(words[..<middle])), (second, Array(words[middle...])))
    }

    /// The same without the bytes of its item's audio and images; nil for an event that has none.
    var withoutMedia: ServerEvent? {
        switch self {
        case .conversationItemAdded(let item, let previous):
            item.withoutMedia.map { .conversationItemAdded($0, previousItemID: previous) }
        case .conversationItemDone(let item, let previous):
            item.withoutMedia.map { .conversationItemDone($0, previousItemID: previous) }
        case .conversationItemRetrieved(let item): item.withoutMedia.map { .conversationItemRetrieved($0) }
        default: nil
        }
    }

    /// About how long the message will be, so that the writer seldom grows.
    var estimatedBytes: Int {
        switch self {
        case .outputAudioDelta(_, let audio): Base64.encodedCount(audio.count) + 256
        case .sessionCreated, .sessionUpdated: 2_048
        case .responseCreated, .responseDone: 1_024
        default: 384
        }
    }
}

extension String {
    /// Cut in the middle between two characters, or, where it is but one, between two of its scalars.
    fileprivate var halves: (String, String)? {
        let characters = count
        if characters > 1 {
            let middle = index(startIndex, offsetBy: characters / 2)
            return (String(self[..<middle]), String(self[middle...]))
        }
        let scalars = unicodeScalars.count
        guard scalars > 1 else { return nil }
        let middle = unicodeScalars.index(startIndex, offsetBy: scalars / 2)
        return (String(unicodeScalars[..<middle]), String(unicodeScalars[middle...]))
    }
}

extension [UInt8] {
    /// Cut at a multiple of 6 bytes: between two samples of 8 or 16 bits, with no padding of base64 before the end.
    fileprivate var halves: ([UInt8], [UInt8])? {
        let middle = count / 2 / 6 * 6
        guard middle > 0 else { return nil }
        return (Array(self[..<middle]), Array(self[middle...]))
    }
}

extension Item {
    fileprivate var withoutMedia: Item? {
        guard case .message(var message) = body else { return nil }
        message.content = message.content.map(\.withoutMedia)
        var item = self
        item.body = .message(message)
        return item == self ? nil : item
    }
}

extension ContentPart {
    fileprivate var withoutMedia: ContentPart {
        switch self {
        case .inputAudio(let transcript, _): .inputAudio(transcript: transcript, audio: nil)
        case .outputAudio(let transcript, _): .outputAudio(transcript: transcript, audio: nil)
        case .inputImage(_, let detail): .inputImage(url: nil, detail: detail)
        case .inputText, .outputText: self
        }
    }
}
