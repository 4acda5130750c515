package import SessionEngine
package import SpeechEngines

extension GatewayConfiguration {
    /// MCP servers that sessions may use.
    package struct Tools: Sendable {
        package var servers = MCPAllowList()
        /// Names and numbers, in lower case.
        package var privateHosts: Set<String>
        package var callLimit: Duration

        init(_ values: inout ConfigurationValues, _ environment: [String: String]) {
            privateHosts = Set(values.list("mcp.private-hosts").map { $0.lowercased() })
            callLimit = .seconds(values.integer("mcp.call-timeout-seconds"))
            servers.hosts = values.list("mcp.allowed-hosts").map { $0.lowercased() }
            for line in values.list("mcp.servers") {
                do throws(EngineEntry.Mistake) {
                    try add(MCPEntry(line, environment: environment).entry)
                } catch {
                    values.refuse("mcp.servers", "\"\(line.prefix { $0 != "=" })\": \(error)")
                }
            }
        }

        private mutating func add(_ entry: MCPAllowList.Entry) throws(EngineEntry.Mistake) {
            guard !servers.entries.contains(where: { $0.server.label == entry.server.label }) else {
                throw .init("there is another line for it")
            }
            let host = entry.server.url.host
            if let address = NetworkAddress(host), !address.isPublic, !privateHosts.contains(host) {
                throw .init("\(host) is a private address: list it in mcp.private-hosts too")
            }
            servers.entries.append(entry)
        }

        package var callerSettings: MCPToolCaller.Settings {
            MCPToolCaller.Settings(addresses: AddressGuard(privateHosts: privateHosts), callLimit: callLimit)
        }
    }

    /// What sessions may spend, in `prices.currency`.
    package struct Budget: Sendable {
        /// Nil: no limit.
        package var session: Money?
        package var key: Money?
        package var period: Duration
        /// What the assistant says where one is used up; empty: nothing.
        package var words: String

        init(_ values: inout ConfigurationValues, _ prices: Prices) {
            session = values.text("budget.session").flatMap(Self.money)
            key = values.text("budget.key").flatMap(Self.money)
            period = .seconds(values.integer("budget.key-hours") * 3_600)
            words = values.text("budget.words") ?? ""
            guard prices.own.isEmpty else { return }
            for name in ["budget.session", "budget.key"] where values.text(name) != nil {
                values.refuse(name, "nothing has a price: set prices.own, or prices on the lines of engines")
            }
        }

        /// Of a number above 0.
        static func money(_ text: String) -> Money? {
            guard let amount = Double(text), amount > 0, amount <= 1e9 else { return nil }
            return Money(nanos: Int64((amount * 1e9).rounded()))
        }
    }
}
