/// One configuration key: the single place that says its name, type, default, meaning and check.
///
/// The same row drives reading, `parley serve --help`, docs/configuration.md and the refusal of bad values.
package struct ConfigurationKey: Sendable {
    /// What a key holds, with its default.
    package enum Kind: Sendable {
        case text(String?)
        case integer(Int, ClosedRange<Int>)
        case flag(Bool)
        case list([String])
    }

    /// Dotted name as in the YAML file, `http.allowed-hosts`.
    package let name: String
    package let kind: Kind
    package let doc: String
    /// Values of a secret are never printed.
    package let isSecret: Bool
    /// Nil for a good text or list element, else what it must be.
    let check: @Sendable (String) -> String?

    init(
        _ name: String, _ kind: Kind, secret: Bool = false, _ doc: String,
        check: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.name = name
        self.kind = kind
        self.doc = doc
        self.isSecret = secret
        self.check = check
    }

    var components: [String] { name.split(separator: ".").map(String.init) }

    /// `--http-allowed-hosts`.
    package var flag: String { "--" + components.joined(separator: "-") }

    /// `PARLEY_HTTP_ALLOWED_HOSTS`.
    package var environmentVariable: String {
        ConfigurationKey.environmentPrefix
            + components.joined(separator: "_").map { $0 == "-" ? "_" : $0.uppercased() }.joined()
    }

    var isList: Bool {
        if case .list = kind { true } else { false }
    }

    static let environmentPrefix = "PARLEY_"

    var defaultValue: ConfigurationValue {
        switch kind {
        case .text(let text): text.map(ConfigurationValue.text) ?? .absent
        case .integer(let number, _): .integer(number)
        case .flag(let on): .flag(on)
        case .list(let list): .list(list)
        }
    }

    /// What is wrong with a value, or nil.
    func problem(with value: ConfigurationValue) -> String? {
        switch (value, kind) {
        case (.text(let text), _):
            return check(text).map { "must be \($0)\(shown(text))" }
        case (.integer(let number), .integer(_, let range)):
            return range.contains(number)
                ? nil : "must be \(range.lowerBound) to \(range.upperBound)\(shown(String(number)))"
        case (.list(let list), _):
            for element in list {
                if let wanted = check(element) { return "each entry must be \(wanted)\(shown(element))" }
            }
            return nil
        default:
            return nil
        }
    }

    private func shown(_ text: String) -> String { isSecret ? "" : ", not \"\(text)\"" }
}

/// A value of a key, of the key's own kind.
package enum ConfigurationValue: Equatable, Sendable {
    case text(String)
    case integer(Int)
    case flag(Bool)
    case list([String])
    case absent
}
