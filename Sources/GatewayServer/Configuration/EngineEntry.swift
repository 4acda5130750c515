package import SpeechEngines
package import VoiceSession

/// One line of `engines`: the name clients ask for, and servers for some of its stages in the order they are asked, as in
/// `support language=http://10.0.0.5:8000/v1#qwen2.5-7b;limit=8 language=embedded key=env:VLLM_KEY`. Stages that are left out
/// are the embedded engine's.
package struct EngineEntry: Sendable {
    package var name: String
    package var servers = RemoteServers()
    /// Whole Realtime endpoints in the place of all stages, in order; where there are any, `servers` is empty.
    package var upstreams: [UpstreamEndpoint] = []
    /// What its usage costs here; nil: what `prices.own` says.
    package var price: PriceEntry?

    /// - Parameter environment: where `key=env:NAME` looks.
    init(_ text: String, environment: [String: String]) throws(Mistake) {
        var words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        guard let name = words.first, !name.contains("=") else { throw Mistake("begins with no name") }
        words.removeFirst()
        try self.init(name: name, words, environment: environment)
    }

    /// - Parameter words: what follows the name.
    init(name: String, _ words: [String], environment: [String: String]) throws(Mistake) {
        self.name = name
        let line = try EngineLine(words)
        servers.language = try line.servers(of: .language, environment)
        servers.recogniser = try line.servers(of: .recogniser, environment)
        servers.voice = try line.servers(of: .voice, environment)
        upstreams = try line.upstreams(environment)
        guard servers.isEmpty != upstreams.isEmpty else {
            throw Mistake(
                servers.isEmpty
                    ? "names no server for language, recogniser or voice, and no upstream"
                    : "names an upstream, which hears, thinks and speaks by itself, beside servers of stages")
        }
        let prices = line.prices
        if !prices.isEmpty {
            price = PriceEntry(([name] + prices).joined(separator: " "))
            guard price != nil else {
                throw Mistake("\(prices.joined(separator: " ")): prices are numbers of at least 0")
            }
        }
    }

    /// What is wrong with a line.
    package struct Mistake: Error, CustomStringConvertible {
        package let description: String

        init(_ description: String) { self.description = description }
    }
}
