import ServiceLifecycle
import SpeechEngines

/// Loads and warms the embedded engine while the listeners are up already, and puts it on the shelf.
///
/// - Throws: from `run`, `GatewayError.engine` for a model that is wrong or does not load; the process ends with it.
package struct EngineLoader: Service {
    let shelf: EngineShelf
    let models: GatewayConfiguration.Models
    let report: @Sendable (String) -> Void

    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await load() }
        } catch is CancellationError {
            return
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

    private func load() async throws {
        let startedAt = ContinuousClock.now
        let engine = try await LocalEngine.load(from: models.directory, models.settings) { step in
            shelf.report(step)
            report("Embedded engine: \(step)")
        }
        shelf.add(engine)
        let seconds = Double(startedAt.duration(to: .now) / .milliseconds(100)) / 10
        report(
            "Parley is ready: \(engine.name) is warm after \((seconds * 10).rounded() / 10) s. It hears and speaks "
                + "\(models.settings.hasOwnSpeech ? "what its models do" : "English").")
    }
}
