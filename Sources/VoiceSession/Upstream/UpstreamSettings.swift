import RealtimeProtocol
import SessionEngine

/// Session objects on their way between clients and an upstream. Pure.
enum UpstreamSettings {
    private static let readOnly = ["id", "object", "expires_at", "client_secret", "model"]
    /// Where null says something: off.
    private static let switches = ["turn_detection", "transcription", "noise_reduction"]

    /// What of a configuration differs from one that a session begins with, as `session.update` has it; empty for nothing.
    static func differences(of configuration: SessionConfiguration) -> JSONObject {
        let plain = SessionConfiguration(kind: configuration.kind, model: configuration.model)
        var differences = differences(object(of: configuration), object(of: plain))
        guard !differences.isEmpty || configuration.kind == .transcription else { return differences }
        differences["type"] = .string(configuration.kind.rawValue)
        return differences
    }

    /// What makes another session like this one.
    static func update(from session: JSONObject) -> JSONObject {
        var update = withoutNull(session)
        for name in readOnly { update[name] = nil }
        return update
    }

    /// Without formats of audio: a peer's is coded between it and us, and here it is PCM at 24 kHz.
    static func withoutFormats(_ settings: JSONObject) -> JSONObject {
        guard var audio = settings["audio"]?.object else { return settings }
        var result = settings
        for name in ["input", "output"] {
            guard var side = audio[name]?.object else { continue }
            side["format"] = nil
            audio[name] = side.isEmpty ? nil : .object(side)
        }
        result["audio"] = audio.isEmpty ? nil : .object(audio)
        return result
    }

    /// With the formats of a peer's audio, which not every service has by itself.
    static func withPeerFormats(_ settings: JSONObject) -> JSONObject {
        var result = settings
        var audio = settings["audio"]?.object ?? JSONObject()
        for name in ["input", "output"] {
            var side = audio[name]?.object ?? JSONObject()
            side["format"] = peerFormat
            audio[name] = .object(side)
        }
        result["audio"] = .object(audio)
        result["type"] = .string(SessionConfiguration.Kind.realtime.rawValue)
        return result
    }

    static func hasPeerFormats(_ session: JSONObject) -> Bool {
        ["input", "output"].allSatisfy { session["audio"]?.object?[$0]?.object?["format"] == peerFormat }
    }

    /// Mono PCM at 24 kHz.
    private static let peerFormat = JSONValue.object(
        JSONObject([
            ("type", .string(AudioFormat.pcm.rawValue)), ("rate", .integer(AudioFormat.pcm.sampleRate)),
        ]))

    private static func object(of configuration: SessionConfiguration) -> JSONObject {
        var json = JSONWriter()
        json.session(Session(id: SessionID(""), expiresAt: 0, configuration: configuration), .current)
        return (try? JSONParser.parse(json.bytes))?.object ?? JSONObject()
    }

    private static func differences(_ object: JSONObject, _ other: JSONObject) -> JSONObject {
        var differences = JSONObject()
        for (name, value) in object.members where other[name] != value {
            guard case .object(let inner) = value, case .object(let otherInner)? = other[name],
                !switches.contains(name)
            else {
                differences[name] = value
                continue
            }
            differences[name] = .object(Self.differences(inner, otherInner))
        }
        return differences
    }

    private static func withoutNull(_ object: JSONObject) -> JSONObject {
        JSONObject(
            object.members.compactMap { name, value in
                switch value {
                case .null where !switches.contains(name): nil
                case .object(let inner) where name != "parameters": (name, .object(withoutNull(inner)))
                default: (name, value)
                }
            })
    }
}
