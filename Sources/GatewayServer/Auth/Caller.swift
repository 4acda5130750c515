/// Who is calling, once the key is checked.
package enum Caller: Equatable, Sendable {
    /// The server has no keys: anybody on this machine.
    case anybody
    /// One of `auth.keys`.
    case key

    /// Whether this caller may attach to a call that `owner` made.
    func mayAttach(toCallOf owner: Caller) -> Bool { true }
}
