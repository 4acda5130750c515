import Foundation
package import ModelLibrary
package import SpeechEngines

extension GatewayConfiguration {
    /// Files of the embedded engine.
    package struct Models: Sendable {
        package var directory: ModelDirectory
        package var mirror: String?
        package var settings: LocalEngine.Settings

        package var profile: ModelProfile { settings.profile }
        /// What of the catalog is worth fetching for the embedded engine.
        package var wanted: [ModelAsset] { settings.wanted }

        init(_ values: inout ConfigurationValues, _ environment: [String: String]) {
            directory = ModelDirectory(
                path: values.text("models.directory") ?? ModelDirectory.defaultPath(environment: environment))
            mirror = values.text("models.mirror")
            let conversations = values.integer("models.conversations")
            settings = LocalEngine.Settings(
                profile: values.text("models.profile").flatMap(ModelProfile.init(rawValue:)) ?? .auto,
                languageThreads: values.integer("models.language-threads"),
                languageCacheTokens: values.integer("models.language-cache-tokens"),
                conversations: conversations == 0 ? 2 * ProcessInfo.processInfo.activeProcessorCount : conversations)
            settings.recogniser = found("models.recogniser", &values)
            settings.voice = found("models.voice", &values)
            settings.languageModel = languageModel(&values)
        }

        /// The path that a key says, or that of the library's model of this name.
        private func found(_ key: String, _ values: inout ConfigurationValues) -> String? {
            guard let text = values.text(key) else { return nil }
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: text, isDirectory: &isDirectory) {
                if !isDirectory.boolValue { values.refuse(key, "\(text) is a file, not a directory") }
                return text
            }
            guard let added = directory.added(text) else {
                values.refuse(key, "\(text) is neither a directory nor a model that was added (parley models list)")
                return nil
            }
            return added.folder.path
        }

        private func languageModel(_ values: inout ConfigurationValues) -> String? {
            let key = "models.language-model"
            guard let text = values.text(key) else { return nil }
            let path = directory.added(text)?.languageModel ?? text
            guard FileManager.default.isReadableFile(atPath: path) else {
                values.refuse(key, "\(path) cannot be read, and no model of this name was added (parley models list)")
                return nil
            }
            do {
                let header = try GGUFHeader(path: path)
                guard header.hasChatTemplate else {
                    values.refuse(key, "\(path) has no chat template: it goes on with texts, but holds no conversation")
                    return nil
                }
            } catch {
                values.refuse(key, "\(error)")
                return nil
            }
            return path
        }
    }
}
