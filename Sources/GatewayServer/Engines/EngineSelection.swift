import Foundation
import ModelLibrary
package import SpeechEngines

/// The engines of this server: the embedded one where its models are, and the scripted one always.
package struct EngineSelection: Sendable {
    private let choice: GatewayConfiguration.EngineChoice
    private let models: GatewayConfiguration.Models

    package init(_ configuration: GatewayConfiguration) {
        choice = configuration.engine
        models = configuration.models
    }

    /// Loads and warms the embedded engine, which is the default then; where a model is not there, the scripted engine is,
    /// and that is said.
    ///
    /// - Parameter report: gets lines for the person who waits.
    /// - Throws: `GatewayError.engine` for a model that is there and wrong, or does not load.
    package func catalog(report: (String) -> Void) async throws -> EngineCatalog {
        let scripted = ScriptedEngine(choice.script ?? .builtIn).engine
        guard choice.isEmbedded, choice.script == nil else {
            report("Default engine: \(scripted.name), which answers from a script.")
            return EngineCatalog(default: scripted)
        }
        let missing = models.settings.assets.filter { !models.directory.isPresent($0) }
        guard missing.isEmpty else {
            report(
                "Default engine: \(scripted.name), which answers from a script. The embedded engine is off, since "
                    + "\(models.directory.root.path) lacks \(missing.map(\.name).joined(separator: ", ")): "
                    + "`parley models fetch` brings what is missing.")
            return EngineCatalog(default: scripted)
        }
        do {
            let engine = try await LocalEngine.load(from: models.directory, models.settings) { step in
                report("Embedded engine: \(step)")
            }
            report("Default engine: \(engine.name), with models from \(models.directory.root.path).")
            return EngineCatalog(default: engine, others: [scripted])
        } catch {
            throw GatewayError.engine("\(error)")
        }
    }
}
