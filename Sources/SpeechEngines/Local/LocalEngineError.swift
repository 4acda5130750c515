/// Why the embedded engine cannot start or a model of it failed.
package enum LocalEngineError: Error, Equatable, CustomStringConvertible {
    case library(path: String, reason: String)
    case model(path: String, reason: String)
    /// A model ran but gave something else than it should.
    case output(model: String, reason: String)
    case machine(String)

    package var description: String {
        switch self {
        case .library(let path, let reason): "\(path) cannot be used: \(reason)"
        case .model(let path, let reason): "\(path) cannot be loaded: \(reason)"
        case .output(let model, let reason): "\(model) failed: \(reason)"
        case .machine(let reason): reason
        }
    }
}
