import ArgumentParser
import GatewayServer

/// Prints docs/configuration.md from the table of keys.
struct ConfigKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config-keys", abstract: "Print the reference of all configuration keys (Markdown).")

    func run() {
        print(ConfigurationReference.markdown, terminator: "")
    }
}
