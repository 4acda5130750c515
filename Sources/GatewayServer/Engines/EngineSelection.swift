import Foundation
import ModelLibrary
package import ServiceLifecycle
import SpeechEngines

/// Which engines this server has: the embedded one where its models are, and the scripted one always.
package struct EngineSelection: Sendable {
    package let shelf: EngineShelf
    /// For the person at the terminal.
    package let words: String
    /// What loads the embedded engine while the listeners are up; nothing where there is nothing to load.
    package let services: [any Service]

    /// - Parameter report: gets lines for the person who waits, while the loader runs.
    package init(_ configuration: GatewayConfiguration, report: @escaping @Sendable (String) -> Void) {
        let choice = configuration.engine
        let models = configuration.models
        let scripted = EngineCatalog(default: ScriptedEngine(choice.script ?? .builtIn).engine)
        let missing = models.settings.missing(in: models.directory)
        guard choice.isEmbedded, choice.script == nil, missing.isEmpty else {
            var words = "Default engine: \(ScriptedEngine.name), which answers from a script."
            if choice.isEmbedded, choice.script == nil {
                words +=
                    " The embedded engine is off, since \(models.directory.root.path) lacks "
                    + "\(missing.map(\.name).joined(separator: ", ")): `parley models fetch` brings what is missing."
            }
            self.words = words
            shelf = EngineShelf(scripted)
            services = []
            return
        }
        words = "Default engine: \(LocalEngine.name), with models from \(models.directory.root.path)."
        shelf = EngineShelf(loading: LocalEngine.name, others: scripted)
        services = [
            EngineLoader(shelf: shelf, models: models, report: report), ModelServerOffer(configuration, report: report),
        ]
    }
}
