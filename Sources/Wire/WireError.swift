/// Why bytes are not the value they were taken for. Sizes are in bytes.
package enum WireError: Error, Equatable {
    /// Fewer bytes are left than the format calls for.
    case truncated(need: Int, have: Int)
    /// A field holds a value its specification forbids.
    case invalid(field: String)
}
