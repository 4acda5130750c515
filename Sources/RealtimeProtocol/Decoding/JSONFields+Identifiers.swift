extension JSONFields {
    /// Of names that clients give or repeat: items, calls, responses.
    static let maxIdentifierLength = 64

    /// A name of 1 to 64 characters; nil when absent or null.
    func identifier(_ name: String) throws(ProtocolError) -> String? {
        guard let identifier = try string(name) else { return nil }
        guard (1...Self.maxIdentifierLength).contains(identifier.unicodeScalars.count) else {
            throw .invalid(path(of: name), "expected 1 to \(Self.maxIdentifierLength) characters")
        }
        return identifier
    }

    func requiredItemID(_ name: String) throws(ProtocolError) -> ItemID {
        guard let identifier = try identifier(name) else { throw .missing(path(of: name)) }
        return ItemID(identifier)
    }

    func requiredCallID(_ name: String) throws(ProtocolError) -> FunctionCallID {
        guard let identifier = try identifier(name) else { throw .missing(path(of: name)) }
        return FunctionCallID(identifier)
    }
}
