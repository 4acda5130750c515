import Foundation
import ModelLibrary
import SpeechEngines

/// The embedded engine's files.
struct ModelCheck {
    enum Files: Equatable {
        /// The configuration wants none.
        case notWanted
        case missing([String])
        /// What is wrong with the first that is.
        case wrong(String)
        case good(count: Int)
    }

    var directory: String
    var files: Files

    var finding: DoctorFinding {
        switch files {
        case .notWanted: return DoctorFinding("models", .good, "the configuration wants none")
        case .good(let count):
            return DoctorFinding("models", .good, "\(count) models in \(directory), every byte checked")
        case .missing(let names):
            return DoctorFinding(
                "models", .failed, "\(directory) lacks \(names.joined(separator: ", "))",
                advice: "Until they are there a script answers instead of a model. `parley models fetch` brings them.")
        case .wrong(let reason):
            return DoctorFinding(
                "models", .failed, reason,
                advice: "The server would not start. `parley models fetch` brings what is damaged once more.")
        }
    }
}

extension ModelCheck {
    /// Reads every byte of what is needed: about a second per gigabyte.
    init(_ configuration: GatewayConfiguration) {
        let (models, choice) = (EngineSelection.models(configuration), configuration.engine)
        let (directory, settings) = (models.directory, models.settings)
        self.directory = directory.root.path
        guard choice.isEmbedded, choice.script == nil else {
            files = .notWanted
            return
        }
        let missing = settings.missing(in: directory)
        guard missing.isEmpty else {
            files = .missing(missing.map(\.name))
            return
        }
        let needed = settings.assets.filter(directory.isPresent)
        do {
            for asset in needed { try directory.verify(asset) }
            files = .good(count: needed.count)
        } catch {
            files = .wrong("\(error)")
        }
    }
}
