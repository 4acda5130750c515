/// Members of an object, name and value in one.
extension JSONWriter {
    package mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        string(value)
    }

    package mutating func member(_ name: StaticString, _ value: Int) {
        self.name(name)
        integer(value)
    }

    package mutating func member(_ name: StaticString, _ value: Double) {
        self.name(name)
        number(value)
    }

    package mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    package mutating func member(_ name: StaticString, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    package mutating func member(_ name: StaticString, _ values: [String]) {
        self.name(name)
        array(values) { $0.string($1) }
    }

    package mutating func member(_ name: StaticString, base64 value: [UInt8]) {
        self.name(name)
        base64(value)
    }

    /// Null where there is no value.
    package mutating func member(_ name: StaticString, orNull value: String?) {
        self.name(name)
        if let value { string(value) } else { null() }
    }

    package mutating func member(_ name: StaticString, orNull value: Int?) {
        self.name(name)
        if let value { integer(value) } else { null() }
    }

    /// Nothing where there is no value.
    package mutating func member(_ name: StaticString, ifAny value: String?) {
        if let value { member(name, value) }
    }

    package mutating func member(_ name: StaticString, ifAny value: [String]?) {
        if let value { member(name, value) }
    }

    package mutating func member(_ name: StaticString, ifAny value: Bool?) {
        if let value { member(name, value) }
    }

    package mutating func object(_ name: StaticString, _ members: (inout JSONWriter) -> Void) {
        self.name(name)
        object(members)
    }

    package mutating func array<Elements: Sequence>(
        _ name: StaticString, _ elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        self.name(name)
        array(elements, body)
    }
}
