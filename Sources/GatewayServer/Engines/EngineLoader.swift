import ServiceLifecycle
import SessionEngine
import SpeechEngines

/// Loads and warms the embedded engine while the listeners are up already, and puts it and the engines that share its stages
/// on the shelf.
///
/// - Throws: from `run`, `GatewayError.engine` for a model that is wrong or does not load; the process ends with it.
package struct EngineLoader: Service {
    let shelf: EngineShelf
    let models: GatewayConfiguration.Models
    let choice: GatewayConfiguration.EngineChoice
    let report: @Sendable (String) -> Void

    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await load() }
        } catch is CancellationError {
            return
        } catch let error as GatewayError {
            throw error
        } catch {
            throw GatewayError.engine(blamed(error))
        }
        // A service that returns ends the process. Shutdown and cancellation mean the same here.
        try? await gracefulShutdown()
    }

    /// In words, with the key that named the model.
    private func blamed(_ error: any Error) -> String {
        guard case LocalEngineError.model(let path, _) = error else { return "\(error)" }
        let own = [
            ("models.language-model", models.settings.languageModel), ("models.recogniser", models.settings.recogniser),
            ("models.voice", models.settings.voice),
        ]
        let key = own.first { $1.map(path.hasPrefix) == true }?.0
        return (key.map { "\($0): " } ?? "") + "\(error)"
    }

    private func resolved(_ servers: RemoteServers?, key: String) async throws -> RemoteServers? {
        do throws(EngineFailure) {
            return try await servers?.resolved()
        } catch {
            throw GatewayError.engine(
                "\(key): \(error.message) Start it first, or name the model with #MODEL after its address.")
        }
    }

    private func load() async throws {
        let startedAt = ContinuousClock.now
        let servers = try await resolved(choice.servers, key: "llm")
        var settings = models.settings
        if choice.thinksElsewhere { settings.thinker = servers?.languageModel(named: LocalEngine.name, embedded: nil) }
        let embedded = try await LocalEngine.load(from: models.directory, settings) { step in
            shelf.report(step)
            report("Embedded engine: \(step)")
        }
        var engine = embedded
        if let servers {
            engine = servers.engine(named: embedded.name, over: embedded, embedded: embedded)
            let places = servers.language.map {
                $0.endpoint.map { "\($0.model) at \($0.base)" } ?? "the embedded model"
            }
            if !places.isEmpty { report("Answers come from \(places.joined(separator: ", else from ")).") }
        }
        var others: [Engine] = []
        for entry in choice.entries where !entry.servers.isEmpty {
            guard let servers = try await resolved(entry.servers, key: "engines") else { continue }
            others.append(servers.engine(named: entry.name, over: engine, embedded: embedded))
        }
        shelf.add(engine, others)
        let seconds = Double(startedAt.duration(to: .now) / .milliseconds(100)) / 10
        report(
            "Parley is ready: \(engine.name) is warm after \((seconds * 10).rounded() / 10) s. It hears and speaks "
                + "\(models.settings.hasOwnSpeech ? "what its models do" : "English").")
    }
}
