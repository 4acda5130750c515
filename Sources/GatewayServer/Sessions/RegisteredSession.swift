import RealtimeProtocol
import VoiceSession

/// A session as the registry knows it.
struct RegisteredSession {
    /// Calls by which one session may be found; of more the oldest are forgotten.
    static let maxCalls = 16

    let driver: any SessionDriver
    let owner: Caller
    /// The calls that it was reached by, by age: a sideband may know any.
    private(set) var calls: [CallID] = []
    /// Good to come back with: what was given last, and what it was given for until that connection stands.
    private(set) var tokens: [String] = []
    /// Where it may outlive its first connection.
    var task: Task<Void, Never>?

    init(driver: any SessionDriver, owner: Caller) {
        self.driver = driver
        self.owner = owner
    }

    /// Adds a name; the one that is forgotten for it.
    mutating func add(_ call: CallID) -> CallID? {
        calls.append(call)
        return calls.count > Self.maxCalls ? calls.removeFirst() : nil
    }

    /// A fresh token is given to who presents `presented`, or to a new client; those that are void now.
    mutating func give(_ token: String, for presented: String?) -> [String] {
        let void = tokens.filter { $0 != presented }
        tokens = (presented.map { [$0] } ?? []) + [token]
        return void
    }

    mutating func spend(_ token: String) { tokens.removeAll { $0 == token } }
}
