/// Settings that a session and a response have in common.
extension JSONFields {
    private static let maxMetadata = (pairs: 16, name: 64, value: 512)

    func outputModality(_ name: String) throws(ProtocolError) -> OutputModality? {
        guard let words = try strings(name) else { return nil }
        for (index, word) in words.enumerated() where OutputModality(rawValue: word) == nil {
            throw .unknownWord(
                "\(path(of: name))[\(index)]", word, known: OutputModality.allCases.map(\.rawValue))
        }
        guard words.count == 1, let modality = OutputModality(rawValue: words[0]) else {
            throw .invalid(path(of: name), "expected [\"audio\"] or [\"text\"]; audio always comes with its transcript")
        }
        return modality
    }

    func maxOutputTokens(_ name: String) throws(ProtocolError) -> MaxOutputTokens? {
        if value(name) == .string("inf") { return .infinite }
        if case .string = value(name) {
            throw .invalid(path(of: name), "expected an integer from 1 to 4096 or \"inf\"")
        }
        return try integer(name, in: 1...4096).map(MaxOutputTokens.tokens)
    }

    /// A format object; without a `type` it is about the current format.
    func audioFormat(_ name: String, current: AudioFormat?) throws(ProtocolError) -> AudioFormat? {
        guard let fields = try fields(name) else { return nil }
        guard let format = try fields.choice("type", AudioFormat.self) ?? current else {
            throw .missing(fields.path(of: "type"))
        }
        // G.711 has no rate to choose; clients that name one anyway mean nothing by it.
        if let rate = try fields.number("rate", in: 0...Double.greatestFiniteMagnitude), format == .pcm,
            rate != Double(format.sampleRate)
        {
            throw .invalid(fields.path(of: "rate"), "audio/pcm is supported at \(format.sampleRate) Hz only")
        }
        return format
    }

    /// A name, or an object with the id of a custom voice. Ids begin with `voice_`, in a string too: sessions are
    /// echoed with strings alone, for clients that know no other.
    func voice(_ name: String) throws(ProtocolError) -> Voice? {
        guard let value = value(name) else { return nil }
        switch value {
        case .string(let voice):
            guard !voice.isEmpty else { throw .invalid(path(of: name), "expected the name of a voice") }
            return voice.utf8.starts(with: "voice_".utf8) ? .custom(id: voice) : .named(voice)
        case .object(let object):
            let fields = JSONFields(object, path: path(of: name))
            guard let id = try fields.identifier("id") else { throw .missing(fields.path(of: "id")) }
            return .custom(id: id)
        default: throw .wrongType(path(of: name), "a string or an object", value)
        }
    }

    /// Prompts are stored with the hosted service; there is nothing here that an id could name (RT-076).
    func refusePrompt(_ name: String) throws(ProtocolError) {
        guard value(name) != nil else { return }
        throw .invalid(path(of: name), "this server stores no prompts; send the text as 'instructions'")
    }

    func metadata(_ name: String) throws(ProtocolError) -> JSONObject? {
        guard let fields = try fields(name) else { return nil }
        let limit = Self.maxMetadata
        guard fields.object.members.count <= limit.pairs else {
            throw .invalid(fields.path, "at most \(limit.pairs) pairs, but got \(fields.object.members.count)")
        }
        for member in fields.object.members {
            guard member.name.unicodeScalars.count <= limit.name else {
                throw .invalid(fields.path, "names of at most \(limit.name) characters")
            }
            guard case .string(let value) = member.value else {
                throw .wrongType(fields.path, "strings as values", member.value)
            }
            guard value.unicodeScalars.count <= limit.value else {
                throw .invalid(fields.path, "values of at most \(limit.value) characters")
            }
        }
        return fields.object
    }
}
