/// The flat fields of the beta dialect and where each is now (REALTIME_API section 9).
struct BetaFields: Sendable {
    private enum Shape {
        case same
        /// `pcm16` for `{"type": "audio/pcm"}`.
        case format
        /// `["audio", "text"]` for `["audio"]`.
        case modalities
        /// `{"type": "none"}`, which some clients send, for null.
        case turnDetection
    }

    private struct Field {
        let name: String
        let path: [String]
        let shape: Shape
        /// Whether the beta name has nothing below it to point at.
        var isScalar: Bool { shape == .format || shape == .modalities }

        init(_ name: String, _ path: String..., shape: Shape = .same) {
            self.name = name
            self.path = path
            self.shape = shape
        }
    }

    static let session = BetaFields(fields: [
        Field("modalities", "output_modalities", shape: .modalities),
        Field("input_audio_format", "audio", "input", "format", shape: .format),
        Field("input_audio_transcription", "audio", "input", "transcription"),
        Field("input_audio_noise_reduction", "audio", "input", "noise_reduction"),
        Field("turn_detection", "audio", "input", "turn_detection", shape: .turnDetection),
        Field("output_audio_format", "audio", "output", "format", shape: .format),
        Field("voice", "audio", "output", "voice"),
        Field("speed", "audio", "output", "speed"),
        Field("max_response_output_tokens", "max_output_tokens"),
    ])

    static let response = BetaFields(fields: [
        Field("modalities", "output_modalities", shape: .modalities),
        Field("output_audio_format", "audio", "output", "format", shape: .format),
        Field("voice", "audio", "output", "voice"),
        Field("max_response_output_tokens", "max_output_tokens"),
    ])

    private let fields: [Field]

    /// The object as it is written now. What is not flat, or not known, stays where it is.
    func current(_ flat: JSONObject) -> JSONObject {
        var current = flat
        for field in fields { current[field.name] = nil }
        for field in fields {
            guard let value = flat[field.name] else { continue }
            current.set(Self.current(value, field.shape), at: field.path[...])
        }
        return current
    }

    /// The beta name of a path within the object; the path itself where that did not change.
    func flatPath(_ path: String) -> String {
        for field in fields {
            let current = field.path.joined(separator: ".")
            guard path.utf8.starts(with: current.utf8) else { continue }
            let below = path.dropFirst(current.count)
            guard below.isEmpty || below.first == "." || below.first == "[" else { continue }
            return field.isScalar ? field.name : field.name + below
        }
        return path
    }

    private static func current(_ value: JSONValue, _ shape: Shape) -> JSONValue {
        switch (shape, value) {
        case (.format, .string(let name)):
            .object(JSONObject([("type", .string(AudioFormat(betaName: name)?.rawValue ?? name))]))
        case (.modalities, .array(let words)) where words.contains(.string(OutputModality.audio.rawValue)):
            .array(words.filter { $0 != .string(OutputModality.text.rawValue) })
        case (.turnDetection, .object(let object)) where object["type"] == .string("none"): .null
        default: value
        }
    }
}

extension AudioFormat {
    init?(betaName: String) {
        guard let format = AudioFormat.allCases.first(where: { $0.betaName == betaName }) else { return nil }
        self = format
    }

    var betaName: String {
        switch self {
        case .pcm: "pcm16"
        case .pcmu: "g711_ulaw"
        case .pcma: "g711_alaw"
        }
    }
}

extension JSONObject {
    /// Sets a member of a member; what stands in the way and is no object gives way.
    fileprivate mutating func set(_ value: JSONValue, at path: ArraySlice<String>) {
        guard let name = path.first else { return }
        guard path.count > 1 else {
            self[name] = value
            return
        }
        var inner = JSONObject()
        if case .object(let object) = self[name] { inner = object }
        inner.set(value, at: path.dropFirst())
        self[name] = .object(inner)
    }
}
