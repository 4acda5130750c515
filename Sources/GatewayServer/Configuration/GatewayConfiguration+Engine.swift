import Foundation
import RealtimeProtocol
package import SpeechEngines

extension GatewayConfiguration {
    /// Which engines there are.
    package struct EngineChoice: Sendable {
        package var isEmbedded: Bool
        /// Nil: the built-in one.
        package var script: Script?
        /// Who thinks for the default engine; nil: the embedded language model.
        package var language: RemoteServers?
        /// By model name.
        package var entries: [EngineEntry] = []

        init(_ values: inout ConfigurationValues, _ environment: [String: String]) {
            isEmbedded = values.flag("engine.embedded")
            readServers(&values, environment)
            guard let path = values.text("engine.script") else { return }
            do {
                script = try Script(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
            } catch let error as ProtocolError {
                values.refuse("engine.script", "\(path): \(error.message)")
            } catch {
                values.refuse("engine.script", "\(path) cannot be read: \(error.localizedDescription)")
            }
        }

        private mutating func readServers(_ values: inout ConfigurationValues, _ environment: [String: String]) {
            if let text = values.text("llm") {
                let words = text.split(separator: " ").map(String.init)
                do throws(EngineEntry.Mistake) {
                    language = try RemoteServers(
                        ["language=\(words.first ?? "")"] + words.dropFirst(), environment: environment)
                } catch {
                    values.refuse("llm", error.description)
                }
            }
            for line in values.list("engines") {
                do throws(EngineEntry.Mistake) {
                    entries.append(try EngineEntry(line, environment: environment))
                } catch {
                    values.refuse("engines", "\"\(line)\": \(error)")
                }
            }
        }
    }
}
