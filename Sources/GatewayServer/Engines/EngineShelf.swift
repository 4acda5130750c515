package import RealtimeProtocol
package import SpeechEngines
import Synchronization

/// The engines of this server from its first second on: who asks for one whose models are still loading is told so.
package final class EngineShelf: Sendable {
    /// `error.code` while models load.
    static let loadingCode = "models_loading"

    private struct State {
        var catalog: EngineCatalog
        /// What is being loaded, in words, and the name that the engine will have.
        var loading: (name: String, step: String)?
    }

    private let state: Mutex<State>

    /// Every engine is there.
    package init(_ catalog: EngineCatalog) {
        state = Mutex(State(catalog: catalog))
    }

    /// The default engine is being loaded; the others are there.
    init(loading name: String, others: EngineCatalog) {
        state = Mutex(State(catalog: others, loading: (name, "about to begin")))
    }

    /// The default first.
    package var names: [String] {
        state.withLock { state in (state.loading.map { [$0.name] } ?? []) + state.catalog.names }
    }

    /// What is being loaded, in words for a person; nil when nothing is.
    package var loading: String? {
        state.withLock { state in state.loading.map { "The models are loading: \($0.step)." } }
    }

    /// The engine of a model's name.
    ///
    /// - Throws: `models_loading` for the default engine while it loads.
    package func engine(of model: String) throws(ProtocolError) -> Engine {
        let (catalog, loading) = state.withLock { ($0.catalog, $0.loading) }
        guard let loading, !catalog.names.contains(model) else { return catalog[model] }
        throw ProtocolError(
            .server, code: Self.loadingCode,
            "The models of \(loading.name) are loading (\(loading.step)); try again in a few seconds.")
    }

    /// Those that are there.
    var engines: [Engine] { state.withLock { $0.catalog.all } }

    func report(_ step: String) {
        state.withLock { $0.loading?.step = step }
    }

    /// Puts the loaded engine first, and what was made of its stages beside it.
    func add(_ engine: Engine, _ others: [Engine]) {
        state.withLock { state in
            state.catalog = EngineCatalog(default: engine, others: [state.catalog.default] + others)
            state.loading = nil
        }
    }
}
