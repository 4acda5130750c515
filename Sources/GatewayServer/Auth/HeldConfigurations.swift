import NIOConcurrencyHelpers

/// Session configurations too large for a header: kept here until their secret expires, so only this server knows them.
final class HeldConfigurations: Sendable {
    private struct Held {
        let text: [UInt8]
        let expiresAt: Int
    }

    private struct State {
        var held: [String: Held] = [:]
        var bytes = 0

        mutating func forget(expiredAt now: Int) {
            held = held.filter { $0.value.expiresAt > now }
            bytes = held.values.reduce(0) { $0 + $1.text.count }
        }
    }

    /// All together; a further one is refused.
    static let maxBytes = 64 * 1024 * 1024

    private let maxBytes: Int
    private let state = NIOLockedValueBox(State())

    init(maxBytes: Int = maxBytes) {
        self.maxBytes = maxBytes
    }

    /// False when there is no room left.
    func hold(_ text: [UInt8], as id: String, until expiresAt: Int, now: Int) -> Bool {
        state.withLockedValue { state in
            if state.bytes + text.count > maxBytes { state.forget(expiredAt: now) }
            guard state.bytes + text.count <= maxBytes else { return false }
            state.held[id] = Held(text: text, expiresAt: expiresAt)
            state.bytes += text.count
            return true
        }
    }

    subscript(id: String) -> [UInt8]? { state.withLockedValue { $0.held[id]?.text } }
}
