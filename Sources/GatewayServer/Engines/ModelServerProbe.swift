import SpeechEngines

/// Looks for model servers on this machine, to offer them: asks the usual ports on loopback, and nothing else, for their
/// models (GET /v1/models, as the chat completions API has it).
package struct ModelServerProbe: Sendable {
    /// Where a kind of server listens if it is not told otherwise.
    package struct Place: Equatable, Sendable {
        package var server: String
        package var port: Int

        package init(server: String, port: Int) {
            self.server = server
            self.port = port
        }
    }

    /// A server that answered.
    package struct Found: Equatable, Sendable {
        package var place: Place
        package var models: [String]

        /// For the person at the terminal.
        package var offer: String {
            let url = "http://127.0.0.1:\(place.port)/v1"
            let some = models.prefix(3).joined(separator: ", ") + (models.count > 3 ? ", …" : "")
            return "A model server answers at \(url), probably \(place.server), with \(some). "
                + "To let it answer in place of the embedded model: --llm \(url)"
        }
    }

    package static let usual = [
        Place(server: "Ollama", port: 11434), Place(server: "llama.cpp", port: 8080), Place(server: "vLLM", port: 8000),
        Place(server: "LM Studio", port: 1234),
    ]

    private static let patience = Duration.milliseconds(500)

    private let places: [Place]

    /// - Parameter ours: ports that this server listens on itself.
    package init(places: [Place] = usual, except ours: Set<Int>) {
        self.places = places.filter { !ours.contains($0.port) }
    }

    /// Takes at most half a second.
    package func find() async -> [Found] {
        await withTaskGroup(of: Found?.self) { group in
            for place in places { group.addTask { await Self.look(at: place) } }
            var found: [Found] = []
            for await case let server? in group { found.append(server) }
            return found.sorted { $0.place.port < $1.place.port }
        }
    }

    /// Whether a Parley that asks for no key listens on a port of loopback.
    static func isParley(at port: Int) async -> Bool {
        let endpoint = RemoteEndpoint(base: "http://127.0.0.1:\(port)/v1", model: "")
        let asked = Task { (try? await endpoint.models()) ?? [] }
        let limit = Task {
            // The same bound: a server that answers byte by byte must not hold up whoever asks.
            try await Task.sleep(for: patience)
            asked.cancel()
        }
        defer { limit.cancel() }
        return await asked.value.contains { $0.owner == "parley" }
    }

    private static func look(at place: Place) async -> Found? {
        await withTaskGroup(of: Found?.self) { group in
            group.addTask { await models(at: place.port).map { Found(place: place, models: $0) } }
            // A bound on the wait: the client's own ends with the head of an answer.
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Nil where nobody answers in the form of this API, or nobody but another Parley.
    private static func models(at port: Int) async -> [String]? {
        let endpoint = RemoteEndpoint(base: "http://127.0.0.1:\(port)/v1", model: "")
        let others = (try? await endpoint.models())?.filter { $0.owner != "parley" } ?? []
        return others.isEmpty ? nil : others.map { String($0.id.prefix(100)) }
    }
}
