import Foundation
import RealtimeProtocol
package import SpeechEngines

extension GatewayConfiguration {
    /// Which engines there are.
    package struct EngineChoice: Sendable {
        package var isEmbedded: Bool
        /// Nil: the built-in one.
        package var script: Script?

        init(_ values: inout ConfigurationValues) {
            isEmbedded = values.flag("engine.embedded")
            guard let path = values.text("engine.script") else { return }
            do {
                script = try Script(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
            } catch let error as ProtocolError {
                values.refuse("engine.script", "\(path): \(error.message)")
            } catch {
                values.refuse("engine.script", "\(path) cannot be read: \(error.localizedDescription)")
            }
        }
    }
}
