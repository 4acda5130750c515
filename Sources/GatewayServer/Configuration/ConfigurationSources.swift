import Configuration
import Foundation
import Yams

/// The places a value may come from, strongest first: flags, environment, one YAML file.
///
/// Names that no key has are refused here, so that a slip of the pen never silently means the default.
struct ConfigurationSources {
    /// One place and how to name it in a message about a key.
    struct Source {
        let snapshot: any ConfigSnapshot
        let prefix: [String]
        let label: @Sendable (ConfigurationKey) -> String
    }

    private(set) var sources: [Source] = []
    private(set) var problems: [ConfigurationError.Problem] = []

    static let defaultFile = "parley.yaml"
    static let fileVariable = ConfigurationKey.environmentPrefix + "CONFIG"

    /// - Parameters:
    ///   - arguments: what follows `parley serve`, without `--config`.
    ///   - environment: the process's environment, or a test's own.
    ///   - file: the YAML file of `--config`; else that of PARLEY_CONFIG; else parley.yaml if it is there.
    init(arguments: [String], environment: [String: String], file: String?, keys: [ConfigurationKey]) {
        addFlags(arguments, keys: keys)
        addEnvironment(environment, keys: keys)
        if let named = file ?? environment[Self.fileVariable] {
            addFile(named, keys: keys)
        } else if FileManager.default.fileExists(atPath: Self.defaultFile) {
            addFile(Self.defaultFile, keys: keys)
        }
    }

    private mutating func refuse(_ key: String, _ source: String, _ text: String) {
        problems.append(.init(key: key, source: source, text: text))
    }

    /// Of a flag that is given twice the last one counts, lists excepted: they grow.
    private mutating func addFlags(_ arguments: [String], keys: [ConfigurationKey]) {
        let byFlag = Dictionary(keys.map { ($0.flag, $0) }, uniquingKeysWith: { first, _ in first })
        var groups: [(flag: String, words: [String])] = []
        for argument in arguments {
            if argument.hasPrefix("--") {
                let flag = String(argument.prefix { $0 != "=" })
                if byFlag[flag] == nil { refuse(flag, "command line", "no such flag; see parley serve --help") }
                if byFlag[flag]?.isList == false { groups.removeAll { $0.flag == flag } }
                groups.append((flag, [argument]))
            } else if let last = groups.indices.last, !groups[last].words[0].contains("=") {
                groups[last].words.append(argument)
            } else {
                refuse(argument, "command line", "is neither a flag nor the value of one")
            }
        }
        let provider = CommandLineArgumentsProvider(arguments: ["parley"] + groups.flatMap(\.words))
        sources.append(.init(snapshot: provider.snapshot(), prefix: [], label: { "flag \($0.flag)" }))
    }

    private mutating func addEnvironment(_ environment: [String: String], keys: [ConfigurationKey]) {
        let known = Set(keys.map(\.environmentVariable) + [Self.fileVariable])
        for name in environment.keys.sorted()
        where name.hasPrefix(ConfigurationKey.environmentPrefix) && !known.contains(name) {
            refuse(name, "environment", "no key has this name; see parley serve --help")
        }
        let provider = EnvironmentVariablesProvider(environmentVariables: environment)
        sources.append(
            .init(
                snapshot: provider.snapshot(), prefix: ["parley"],
                label: { "environment variable \($0.environmentVariable)" }))
    }

    private mutating func addFile(_ path: String, keys: [ConfigurationKey]) {
        do {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            guard let root = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)), root.null == nil else {
                return
            }
            let known = Set(keys.map(\.name))
            for name in Self.names(in: root, under: []) where !known.contains(name) {
                refuse(name, path, "no such key; see parley serve --help")
            }
            let snapshot = try YAMLSnapshot(data: bytes.span.bytes, providerName: path, parsingOptions: .default)
            sources.append(.init(snapshot: snapshot, prefix: [], label: { _ in path }))
        } catch {
            refuse("--config", path, "cannot be read: \(error)")
        }
    }

    /// Dotted names of all leaves.
    private static func names(in node: Node, under path: [String]) -> [String] {
        guard let mapping = node.mapping else { return [path.joined(separator: ".")] }
        return mapping.flatMap { key, value in names(in: value, under: path + [key.string ?? "?"]) }
    }
}
