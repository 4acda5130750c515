/// A header value with parameters (RFC 9110 §5.6.6): `multipart/form-data; boundary="a b"`.
///
/// The value and the parameter names are lower case; quoted values are unescaped. A broken tail is left out.
struct MediaTypeHeader: Equatable {
    let value: String
    let parameters: [String: String]

    init(_ text: String) {
        var rest = Substring(text)
        value = Self.token(&rest, upTo: ";").lowercased()
        var parameters: [String: String] = [:]
        while rest.first == ";" {
            rest.removeFirst()
            let name = Self.token(&rest, upTo: "=", orTo: ";").lowercased()
            guard rest.first == "=" else { continue }
            rest.removeFirst()
            let value = Self.parameterValue(&rest)
            if !name.isEmpty, parameters[name] == nil { parameters[name] = value }
        }
        self.parameters = parameters
    }

    /// Trimmed text up to a mark, which stays.
    private static func token(_ rest: inout Substring, upTo mark: Character, orTo other: Character? = nil) -> String {
        let token = rest.prefix { $0 != mark && $0 != other }
        rest = rest.dropFirst(token.count)
        return trimmed(token)
    }

    private static func parameterValue(_ rest: inout Substring) -> String {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        guard rest.first == "\"" else { return token(&rest, upTo: ";") }
        rest.removeFirst()
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\" {
                guard let escaped = rest.popFirst() else { break }
                value.append(escaped)
            } else {
                value.append(character)
            }
        }
        rest = rest.drop { $0 != ";" }
        return value
    }

    private static func trimmed(_ text: Substring) -> String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = text.drop(while: blank)
        while let last = text.last, blank(last) { text.removeLast() }
        return String(text)
    }
}
