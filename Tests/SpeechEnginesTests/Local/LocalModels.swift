import Foundation
import ModelLibrary
import Testing

@testable import SpeechEngines

/// The fetched models, where this machine has them.
enum LocalModels {
    static let directory = ModelDirectory(
        path: environment["PARLEY_MODELS_DIRECTORY"] ?? ModelDirectory.defaultPath(environment: environment))

    static let areThere = LocalEngine.Settings().assets.allSatisfy(directory.isPresent)

    static let skipped: Comment = "SKIPPED, nothing is shown: the models are not fetched (make models)"

    /// Loaded once: it takes seconds and most of a gigabyte.
    static let engine = Task { try await LocalEngine.load(from: directory, .init(), report: { _ in }) }

    private static let environment = ProcessInfo.processInfo.environment
}
