import Foundation
package import SpeechEngines

/// One line of `engines`: the name clients ask for, and servers for some of its stages, as in
/// `support language=http://10.0.0.5:8000/v1#qwen2.5-7b key=env:VLLM_KEY`. Stages that are left out are the embedded engine's.
package struct EngineEntry: Sendable {
    package var name: String
    package var servers = RemoteServers()

    /// - Parameter environment: where `key=env:NAME` looks.
    init(_ text: String, environment: [String: String]) throws(Mistake) {
        var words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        guard let name = words.first, !name.contains("=") else { throw Mistake("begins with no name") }
        self.name = name
        words.removeFirst()
        servers = try RemoteServers(words, environment: environment)
    }

    /// What is wrong with a line.
    package struct Mistake: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) { self.description = description }
    }
}

extension RemoteServers {
    /// Of words like `language=URL#MODEL`, `key=env:NAME`, `context=32768`.
    init(_ words: [String], environment: [String: String]) throws(EngineEntry.Mistake) {
        self.init()
        var fields: [Substring: String] = [:]
        for word in words {
            let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, fields[pair[0]] == nil else {
                throw .init("\"\(word)\" is no name=value, or is there twice")
            }
            fields[pair[0]] = String(pair[1])
        }
        let key = try fields.removeValue(forKey: "key").map { text throws(EngineEntry.Mistake) in
            try Self.key(text, environment)
        }
        func endpoint(_ stage: Substring) throws(EngineEntry.Mistake) -> RemoteEndpoint? {
            guard let text = fields.removeValue(forKey: stage) else { return nil }
            guard let endpoint = RemoteEndpoint(text, key: key) else {
                throw .init("\(stage)=\(text) must be http(s)://host:port/v1#MODEL")
            }
            return endpoint
        }
        language = try endpoint("language")
        recogniser = try endpoint("recogniser")
        voice = try endpoint("voice")
        speaker = fields.removeValue(forKey: "speaker")
        if let text = fields.removeValue(forKey: "context") {
            guard let tokens = Int(text), (512...10_000_000).contains(tokens) else {
                throw .init("context=\(text) must be 512 to 10000000 tokens")
            }
            contextTokens = tokens
        }
        if let text = fields.removeValue(forKey: "images") {
            guard let flag = Bool(text) else { throw .init("images=\(text) must be true or false") }
            acceptsImages = flag
        }
        if let unknown = fields.keys.sorted().first {
            throw .init(
                "\(unknown)= is unknown; there are language, recogniser, voice, speaker, key, context and images")
        }
        guard language != nil || recogniser != nil || voice != nil else {
            throw .init("names no server for language, recogniser or voice")
        }
    }

    /// `env:NAME` or `file:PATH`; the key itself never stands in the configuration.
    private static func key(_ text: String, _ environment: [String: String]) throws(EngineEntry.Mistake) -> String {
        let found: String?
        switch text.split(separator: ":", maxSplits: 1).map(String.init) {
        case let parts where parts.count == 2 && parts[0] == "env": found = environment[parts[1]]
        case let parts where parts.count == 2 && parts[0] == "file":
            found = (try? String(contentsOfFile: parts[1], encoding: .utf8))?.split(whereSeparator: \.isNewline).first
                .map(String.init)
        default: throw .init("key= must be env:NAME or file:PATH")
        }
        guard let key = found?.trimmingCharacters(in: .whitespaces), !key.isEmpty else {
            throw .init("key=\(text) holds no key")
        }
        return key
    }
}
