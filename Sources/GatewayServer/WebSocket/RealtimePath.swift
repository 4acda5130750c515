/// The prefixes under which the Realtime API is reached: `/v1`, none, `/openai/v1` and `/openai` (RT-052).
enum RealtimePath {
    static let socket = "/v1/realtime"

    private static let resources = ["/realtime", "/models"]

    /// The path under `/v1`; any other path as it is. Without a prefix only `/realtime` is an alias: the rest may be files.
    static func canonical(_ path: String) -> String {
        let isForeign = hasComponent(path, "/openai")
        var rest = Substring(path)
        if isForeign { rest = rest.dropFirst("/openai".count) }
        if hasComponent(rest, "/v1") { return isForeign ? String(rest) : path }
        let aliases = isForeign ? resources : Array(resources.prefix(1))
        return aliases.contains { hasComponent(rest, $0) } ? "/v1" + rest : path
    }

    private static func hasComponent(_ path: some StringProtocol, _ component: String) -> Bool {
        path.hasPrefix(component) && (path.count == component.count || path.dropFirst(component.count).first == "/")
    }
}
