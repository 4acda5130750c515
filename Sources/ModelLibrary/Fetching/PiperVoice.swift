import Foundation

/// A voice as Piper publishes it, one model with a JSON file beside it, made into what sherpa-onnx reads: `tokens.txt`, and
/// the model's own metadata.
enum PiperVoice {
    private struct Description: Decodable {
        struct Audio: Decodable {
            enum CodingKeys: String, CodingKey {
                case sampleRate = "sample_rate"
            }

            var sampleRate: Int
        }

        enum CodingKeys: String, CodingKey {
            case audio
            case speakerCount = "num_speakers"
            case speakers = "speaker_id_map"
            case phonemes = "phoneme_id_map"
        }

        var audio: Audio
        var speakerCount: Int
        var speakers: [String: Int]?
        var phonemes: [String: [Int]]
    }

    /// Leaves a directory alone that is none, or is prepared already.
    static func prepare(_ folder: URL) throws(ModelError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let models = names.filter { $0.hasSuffix(".onnx") && names.contains($0 + ".json") }
        guard models.count == 1, !names.contains("tokens.txt") else { return }
        let json = folder.appending(path: models[0] + ".json")
        guard let data = try? Data(contentsOf: json),
            let voice = try? JSONDecoder().decode(Description.self, from: data)
        else { throw .malformed(path: json.path, reason: "it does not describe a voice of Piper") }
        do {
            try tokens(voice).write(to: folder.appending(path: "tokens.txt"), atomically: true, encoding: .utf8)
            if let speakers = speakers(voice) {
                try speakers.write(to: folder.appending(path: "speakers.txt"), atomically: true, encoding: .utf8)
            }
            let model = try FileHandle(forWritingTo: folder.appending(path: models[0]))
            defer { try? model.close() }
            try model.seekToEnd()
            try model.write(contentsOf: Data(ONNXMetadata.encoded(metadata(voice))))
        } catch {
            throw .failed(writing: folder.path, error)
        }
    }

    private static func tokens(_ voice: Description) -> String {
        let pairs = voice.phonemes.compactMap { symbol, ids in ids.first.map { (symbol, $0) } }
        return pairs.sorted { $0.1 < $1.1 }.map { "\($0.0) \($0.1)\n" }.joined()
    }

    /// Names in the order of their numbers, where each number has one.
    private static func speakers(_ voice: Description) -> String? {
        let names = (voice.speakers ?? [:]).sorted { $0.value < $1.value }
        guard names.count == voice.speakerCount, names.enumerated().allSatisfy({ $0 == $1.value }) else { return nil }
        return names.map { $0.key + "\n" }.joined()
    }

    /// What sherpa-onnx asks of a model of this kind.
    private static func metadata(_ voice: Description) -> [(key: String, value: String)] {
        [
            ("model_type", "vits"), ("comment", "piper"), ("language", "English"), ("voice", "en-us"),
            ("has_espeak", "1"), ("n_speakers", String(voice.speakerCount)),
            ("sample_rate", String(voice.audio.sampleRate)),
        ]
    }
}
