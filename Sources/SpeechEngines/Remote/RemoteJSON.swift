import RealtimeProtocol

// Reading what servers of many makers say: a member of another type than expected counts as absent.
extension JSONValue {
    subscript(_ name: String) -> JSONValue? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var count: Int? {
        if case .integer(let number) = self { number } else { nil }
    }

    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// As JSON text.
    var written: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
