import Foundation
import RealtimeProtocol
import SessionEngine
package import SpeechEngines

extension GatewayConfiguration {
    /// Which engines there are.
    package struct EngineChoice: Sendable {
        package var isEmbedded: Bool
        /// Nil: the built-in one.
        package var script: Script?
        /// Servers for stages of the default engine (`llm`).
        package var servers: RemoteServers?
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

        /// Whether somebody's server thinks for every engine, so that no language model is loaded here.
        package var thinksElsewhere: Bool {
            guard let servers, !servers.language.isEmpty else { return false }
            return !([servers] + entries.map(\.servers)).contains(where: \.wantsEmbeddedLanguageModel)
        }

        private mutating func readServers(_ values: inout ConfigurationValues, _ environment: [String: String]) {
            if let text = values.text("llm") {
                let words = text.split(separator: " ").map(String.init)
                do throws(EngineEntry.Mistake) {
                    servers = try Self.servers(
                        ["language=\(words.first ?? "")"] + words.dropFirst(), environment)
                } catch {
                    values.refuse("llm", error.description)
                }
            }
            defer { sharePlaces() }
            for line in values.list("engines") {
                do throws(EngineEntry.Mistake) {
                    entries.append(try EngineEntry(line, environment: environment))
                } catch {
                    // The name alone: an address may hold a password.
                    values.refuse("engines", "\"\(line.prefix { $0 != " " })\": \(error)")
                }
            }
        }

        /// A server that several lines name takes from all of them together what it is limited to.
        private mutating func sharePlaces() {
            var lines = entries.map(\.servers) + [servers ?? RemoteServers()]
            RemoteServers.sharePlaces(&lines)
            if let own = lines.popLast(), servers != nil { servers = own }
            for (index, line) in lines.enumerated() { entries[index].servers = line }
        }

        private static func servers(
            _ words: [String], _ environment: [String: String]
        ) throws(EngineEntry.Mistake) -> RemoteServers {
            let entry = try EngineEntry(name: "*", words, environment: environment)
            guard entry.price == nil else { throw .init("prices of the default engine are said by prices.own") }
            return entry.servers
        }

        /// Refuses deadlines of servers that the session's own would cut short, and fits the others to these.
        mutating func fit(to session: StageDeadlines, _ values: inout ConfigurationValues) {
            if let problem = servers?.deadlineProblem(beside: session) { values.refuse("llm", problem) }
            servers = servers?.fitted(to: session)
            for index in entries.indices {
                if let problem = entries[index].servers.deadlineProblem(beside: session) {
                    values.refuse("engines", "\"\(entries[index].name)\": \(problem)")
                }
                entries[index].servers = entries[index].servers.fitted(to: session)
            }
        }
    }
}
