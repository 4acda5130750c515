extension ContentPart {
    private static let imageTypes = ["image/png", "image/jpeg"]

    private enum Detail: String, CaseIterable {
        case auto, low, high
    }

    /// A part of a message that a client of that role may write. Clients send `text` where `output_text` or
    /// `input_text` is meant.
    init(_ fields: JSONFields, role: Message.Role) throws(ProtocolError) {
        let type = try fields.requiredString("type")
        switch (type, role) {
        case ("input_text", .user), ("input_text", .system), ("text", .user), ("text", .system):
            self = .inputText(try fields.requiredString("text"))
        case ("output_text", .assistant), ("text", .assistant):
            self = .outputText(try fields.requiredString("text"))
        case ("input_audio", .user): self = try Self.audio(fields)
        case ("input_image", .user): self = try Self.image(fields)
        case ("output_audio", .assistant), ("audio", .assistant):
            throw .invalid(fields.path(of: "type"), "assistant audio cannot be created by a client; send 'output_text'")
        default: throw .unknownWord(fields.path(of: "type"), type, known: Self.types(of: role))
        }
    }

    private static func types(of role: Message.Role) -> [String] {
        switch role {
        case .system: ["input_text"]
        case .user: ["input_text", "input_audio", "input_image"]
        case .assistant: ["output_text"]
        }
    }

    /// Audio, or at least what was said in it.
    private static func audio(_ fields: JSONFields) throws(ProtocolError) -> ContentPart {
        let transcript = try fields.string("transcript")
        guard let text = try fields.string("audio") else {
            guard transcript != nil else { throw .missing(fields.path(of: "audio")) }
            return .inputAudio(transcript: transcript, audio: nil)
        }
        guard let audio = Base64.decode(text.utf8) else { throw .notBase64(fields.path(of: "audio")) }
        return .inputAudio(transcript: transcript, audio: audio)
    }

    /// Only data URIs: the server fetches nothing a client names.
    private static func image(_ fields: JSONFields) throws(ProtocolError) -> ContentPart {
        let url = try fields.requiredString("image_url")
        guard imageTypes.contains(where: { url.utf8.starts(with: "data:\($0);base64,".utf8) }) else {
            throw .invalid(
                fields.path(of: "image_url"),
                "expected a data URI of base64 with type \(imageTypes.joined(separator: " or "))")
        }
        return .inputImage(url: url, detail: try fields.choice("detail", Detail.self)?.rawValue)
    }
}

extension ProtocolError {
    static func notBase64(_ path: String) -> ProtocolError {
        .invalid(path, "expected base64 with the standard alphabet and padding")
    }
}
