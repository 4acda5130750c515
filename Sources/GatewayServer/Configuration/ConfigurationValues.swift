import Configuration

/// The value of every key of the table and where it was found.
struct ConfigurationValues {
    private var found: [String: (value: ConfigurationValue, source: String)] = [:]
    private(set) var problems: [ConfigurationError.Problem]

    static let defaultSource = "default"

    init(keys: [ConfigurationKey], sources: ConfigurationSources) {
        problems = sources.problems
        for key in keys {
            found[key.name] = (key.defaultValue, Self.defaultSource)
            read(key, from: sources.sources)
        }
    }

    private mutating func read(_ key: ConfigurationKey, from sources: [ConfigurationSources.Source]) {
        for source in sources {
            do {
                let path = AbsoluteConfigKey(source.prefix + key.components)
                guard let held = try source.snapshot.value(forKey: path, type: key.kind.configType).value else {
                    continue
                }
                let value = ConfigurationValue(held.content)
                if let problem = key.problem(with: value) {
                    refuse(key, source.label(key), problem)
                } else {
                    found[key.name] = (value, source.label(key))
                }
            } catch {
                refuse(key, source.label(key), "must be \(key.kind.description)")
            }
            return
        }
    }

    private mutating func refuse(_ key: ConfigurationKey, _ source: String, _ text: String) {
        problems.append(.init(key: key.name, source: source, text: text))
    }

    /// A rule that spans keys was broken; the message names this key.
    mutating func refuse(_ name: String, _ text: String) {
        problems.append(.init(key: name, source: source(of: name), text: text))
    }

    func source(of name: String) -> String { entry(name).source }

    func isDefault(_ name: String) -> Bool { source(of: name) == Self.defaultSource }

    func text(_ name: String) -> String? {
        switch entry(name).value {
        case .text(let text): text
        case .absent: nil
        default: preconditionFailure("\(name) is not a text key")
        }
    }

    func integer(_ name: String) -> Int {
        guard case .integer(let number) = entry(name).value else {
            preconditionFailure("\(name) is not an integer key")
        }
        return number
    }

    func flag(_ name: String) -> Bool {
        guard case .flag(let on) = entry(name).value else { preconditionFailure("\(name) is not a flag key") }
        return on
    }

    func list(_ name: String) -> [String] {
        guard case .list(let list) = entry(name).value else { preconditionFailure("\(name) is not a list key") }
        return list
    }

    private func entry(_ name: String) -> (value: ConfigurationValue, source: String) {
        guard let entry = found[name] else { preconditionFailure("\(name) is not in the table of keys") }
        return entry
    }
}

extension ConfigurationKey.Kind {
    fileprivate var configType: ConfigType {
        switch self {
        case .text: .string
        case .integer: .int
        case .flag: .bool
        case .list: .stringArray
        }
    }

    package var description: String {
        switch self {
        case .text: "a text"
        case .integer(_, let range): "a number, \(range.lowerBound) to \(range.upperBound)"
        case .flag: "true or false"
        case .list: "a list of texts"
        }
    }
}

extension ConfigurationValue {
    fileprivate init(_ content: ConfigContent) {
        switch content {
        case .string(let text): self = .text(text)
        case .int(let number): self = .integer(number)
        case .bool(let on): self = .flag(on)
        case .stringArray(let list): self = .list(list.filter { !$0.isEmpty })
        default: self = .absent
        }
    }
}
