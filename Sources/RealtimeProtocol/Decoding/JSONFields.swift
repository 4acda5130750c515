/// The members of one object a client sent, read by name. An error names the member by its dotted path.
///
/// A member that is null counts as absent; where null means something, `has` tells.
package struct JSONFields: Sendable {
    package let object: JSONObject
    /// Of the object itself, `session.audio`; empty for a whole message.
    package let path: String

    package init(_ object: JSONObject, path: String) {
        self.object = object
        self.path = path
    }

    /// Of a value that must be an object.
    package init(_ value: JSONValue, path: String) throws(ProtocolError) {
        guard case .object(let object) = value else { throw .wrongType(path, "an object", value) }
        self.init(object, path: path)
    }

    package func path(of name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    /// The member; nil when absent or null.
    package func value(_ name: String) -> JSONValue? {
        let value = object[name]
        return value == .null ? nil : value
    }

    /// Whether the member is there, be it null.
    package func has(_ name: String) -> Bool {
        object[name] != nil
    }

    package func string(_ name: String) throws(ProtocolError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let string) = value else { throw .wrongType(path(of: name), "a string", value) }
        return string
    }

    package func requiredString(_ name: String) throws(ProtocolError) -> String {
        guard let string = try string(name) else { throw .missing(path(of: name)) }
        return string
    }

    package func bool(_ name: String) throws(ProtocolError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let bool) = value else { throw .wrongType(path(of: name), "a boolean", value) }
        return bool
    }

    /// A whole number, however it is written.
    package func integer(_ name: String, in range: ClosedRange<Int>) throws(ProtocolError) -> Int? {
        guard let value = value(name) else { return nil }
        let integer: Int? =
            switch value {
            case .integer(let integer): integer
            case .number(let number): Int(exactly: number)
            default: nil
            }
        guard let integer else { throw .wrongType(path(of: name), "an integer", value) }
        guard range.contains(integer) else {
            throw .invalid(path(of: name), "expected an integer \(Self.words(range)), but got \(integer)")
        }
        return integer
    }

    package func requiredInteger(_ name: String, in range: ClosedRange<Int>) throws(ProtocolError) -> Int {
        guard let integer = try integer(name, in: range) else { throw .missing(path(of: name)) }
        return integer
    }

    package func number(_ name: String, in range: ClosedRange<Double>) throws(ProtocolError) -> Double? {
        guard let value = value(name) else { return nil }
        let number: Double
        switch value {
        case .integer(let integer): number = Double(integer)
        case .number(let double): number = double
        default: throw .wrongType(path(of: name), "a number", value)
        }
        guard range.contains(number) else {
            throw .invalid(
                path(of: name), "expected a number from \(range.lowerBound) to \(range.upperBound), but got \(number)")
        }
        return number
    }

    package func fields(_ name: String) throws(ProtocolError) -> JSONFields? {
        guard let value = value(name) else { return nil }
        return try JSONFields(value, path: path(of: name))
    }

    package func requiredFields(_ name: String) throws(ProtocolError) -> JSONFields {
        guard let fields = try fields(name) else { throw .missing(path(of: name)) }
        return fields
    }

    /// The elements of an array, each with its path.
    package func elements(_ name: String) throws(ProtocolError) -> [(value: JSONValue, path: String)]? {
        guard let value = value(name) else { return nil }
        guard case .array(let elements) = value else { throw .wrongType(path(of: name), "an array", value) }
        let path = path(of: name)
        return elements.enumerated().map { ($1, "\(path)[\($0)]") }
    }

    package func strings(_ name: String) throws(ProtocolError) -> [String]? {
        guard let elements = try elements(name) else { return nil }
        var strings: [String] = []
        for element in elements {
            guard case .string(let string) = element.value else {
                throw .wrongType(element.path, "a string", element.value)
            }
            strings.append(string)
        }
        return strings
    }

    /// One of the words of `Choice`.
    package func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String, _ type: Choice.Type = Choice.self
    ) throws(ProtocolError) -> Choice? {
        guard let string = try string(name) else { return nil }
        guard let choice = Choice(rawValue: string) else {
            throw .unknownWord(path(of: name), string, known: Choice.allCases.map(\.rawValue))
        }
        return choice
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    }
}
