/// Names and labels as the Prometheus data model allows them.
enum PrometheusName {
    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`, ending in the unit if one is given.
    static func metric(_ label: String, unit: String? = nil) -> String {
        let name = sanitised(label, extra: ":")
        guard let unit, !name.hasSuffix("_" + unit) else { return name }
        return "\(name)_\(unit)"
    }

    /// `a="x",b="y"`, sorted by name.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { "\(sanitised($0.0, extra: nil))=\"\(escaped($0.1))\"" }.sorted().joined(separator: ",")
    }

    private static func sanitised(_ text: String, extra: Character?) -> String {
        if isClean(text, extra: extra) { return text }
        let name = String(
            text.map { character in
                let good = character.isASCII && (character.isLetter || character.isNumber || character == extra)
                return good ? character : "_"
            })
        return name.first.map { $0.isNumber } ?? true ? "_" + name : name
    }

    /// As nearly all are; told by bytes, as counters are made for each request.
    private static func isClean(_ text: String, extra: Character?) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: byte == extra?.asciiValue
            }
        }
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { "\\\"\n".utf8.contains($0) }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A number of the text format.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
