/// Who may still place a call: caps on calls that are not connected yet, in total and per client address, so that a
/// stranger's half-open calls cannot fill the server.
struct CallAdmission {
    private let maxUnconnected: Int
    private let maxPerAddress: Int
    private var unconnected: [CallID: String] = [:]

    init(maxUnconnected: Int, maxPerAddress: Int) {
        self.maxUnconnected = maxUnconnected
        self.maxPerAddress = maxPerAddress
    }

    /// Takes a place for `id`, or says why not.
    mutating func admit(_ id: CallID, address: String) -> CallError? {
        guard unconnected.count < maxUnconnected else {
            return .overloaded(
                retryAfterSeconds: 2, "\(maxUnconnected) calls are being set up already (calls.max-unconnected).")
        }
        guard unconnected.values.count(where: { $0 == address }) < maxPerAddress else {
            return .overloaded(
                retryAfterSeconds: 5,
                "\(maxPerAddress) calls of your address are being set up already (calls.max-unconnected-per-address).")
        }
        unconnected[id] = address
        return nil
    }

    /// The call is connected or gone: its place is free.
    mutating func release(_ id: CallID) { unconnected[id] = nil }
}
