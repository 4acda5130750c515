import Foundation
import ModelLibrary
package import ServiceLifecycle
import SpeechEngines

/// Which engines this server has: the embedded one where its models are, and the scripted one always.
package struct EngineSelection: Sendable {
    package let shelf: EngineShelf
    /// For the person at the terminal.
    package let words: String
    /// What loads the embedded engine while the listeners are up, and what looks after servers.
    package let services: [any Service]

    /// - Parameter report: gets lines for the person who waits, while the loader runs.
    package init(_ configuration: GatewayConfiguration, report: @escaping @Sendable (String) -> Void) {
        let choice = configuration.engine
        let models = Self.models(configuration)
        let scripted = ScriptedEngine(choice.script ?? .builtIn).engine
        let missing = models.settings.missing(in: models.directory)
        guard choice.isEmbedded, choice.script == nil, missing.isEmpty else {
            let remote = choice.entries.filter(\.servers.isWhole).map {
                $0.servers.engine(named: $0.name, over: scripted, embedded: scripted)
            }
            words = Self.words(choice, models, missing)
            shelf = EngineShelf(EngineCatalog(default: scripted, others: remote))
            services = [EngineWatch(shelf: shelf)]
            return
        }
        words = "Default engine: \(LocalEngine.name), with models from \(models.directory.root.path)."
        shelf = EngineShelf(loading: LocalEngine.name, others: EngineCatalog(default: scripted))
        let loader = EngineLoader(shelf: shelf, models: models, choice: choice, report: report)
        // Who named a server needs no offer of one.
        let offer = choice.servers == nil ? [ModelServerOffer(configuration, report: report)] : []
        services = [loader, EngineWatch(shelf: shelf)] + offer
    }

    /// What the embedded engine needs: no language model where somebody's server thinks.
    static func models(_ configuration: GatewayConfiguration) -> GatewayConfiguration.Models {
        let choice = configuration.engine
        var models = configuration.models
        if choice.thinksElsewhere {
            models.settings.thinker = choice.servers?.languageModel(named: LocalEngine.name, embedded: nil)
        }
        return models
    }

    /// Why the embedded engine is not there, and what is not there with it.
    private static func words(
        _ choice: GatewayConfiguration.EngineChoice, _ models: GatewayConfiguration.Models, _ missing: [ModelAsset]
    ) -> String {
        var words = "Default engine: \(ScriptedEngine.name), which answers from a script."
        if choice.isEmbedded, choice.script == nil {
            words +=
                " The embedded engine is off, since \(models.directory.root.path) lacks "
                + "\(missing.map(\.name).joined(separator: ", ")): `parley models fetch` brings what is missing."
        }
        let halves = choice.entries.filter { $0.upstreams.isEmpty && !$0.servers.isWhole }.map(\.name)
        let off = halves + (choice.servers == nil ? [] : ["llm"])
        if !off.isEmpty { words += " Off with it: \(off.joined(separator: ", "))." }
        return words
    }
}
