import Foundation
import NIOSSL
import RealtimeProtocol
import SpeechEngines

/// Fields of one server, or of a whole line: `name=value`, each once.
struct EngineFields {
    private var values: [String: String] = [:]

    var names: [String] { values.keys.sorted() }

    mutating func add(_ word: some StringProtocol) throws(EngineEntry.Mistake) {
        let (name, value) = try Self.split(word)
        guard values[name] == nil else { throw .init("\(name)= is there twice") }
        values[name] = value
    }

    /// `name=value`, the name in front of the first `=`.
    static func split(_ word: some StringProtocol) throws(EngineEntry.Mistake) -> (name: String, value: String) {
        let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, !pair[0].isEmpty else { throw .init("\"\(word)\" is no name=value") }
        return (String(pair[0]), String(pair[1]))
    }

    /// With what a line says for all its servers where these say nothing.
    func over(_ line: EngineFields) -> EngineFields {
        var fields = self
        fields.values.merge(line.values) { own, _ in own }
        return fields
    }

    /// The fields of these names alone.
    func only(_ names: Set<String>) -> EngineFields {
        var fields = self
        fields.values = values.filter { names.contains($0.key) }
        return fields
    }

    func text(_ name: String) -> String? { values[name] }

    func number(_ name: String, _ range: ClosedRange<Int>, of unit: String) throws(EngineEntry.Mistake) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .init("\(name)=\(text) must be \(range.lowerBound) to \(range.upperBound) \(unit)")
        }
        return number
    }

    func duration(_ name: String) throws(EngineEntry.Mistake) -> Duration? {
        try number(name, 1...600_000, of: "milliseconds").map { .milliseconds($0) }
    }

    func flag(_ name: String) throws(EngineEntry.Mistake) -> Bool? {
        guard let text = values[name] else { return nil }
        guard let flag = Bool(text) else { throw .init("\(name)=\(text) must be true or false") }
        return flag
    }

    /// Path of a PEM file, which is read once to see that it holds certificates.
    func certificates(_ name: String) throws(EngineEntry.Mistake) -> String? {
        guard let path = values[name] else { return nil }
        guard let found = try? NIOSSLCertificate.fromPEMFile(path), !found.isEmpty else {
            throw .init("\(name)=\(path) must be a PEM file with certificates")
        }
        return path
    }

    /// `env:NAME` or `file:PATH`; the key itself never stands in the configuration.
    func key(_ environment: [String: String]) throws(EngineEntry.Mistake) -> Credential? {
        guard let text = values["key"] else { return nil }
        let found: String?
        switch text.split(separator: ":", maxSplits: 1).map(String.init) {
        case let parts where parts.count == 2 && parts[0] == "env": found = environment[parts[1]]
        case let parts where parts.count == 2 && parts[0] == "file":
            found = (try? String(contentsOfFile: parts[1], encoding: .utf8))?.split(whereSeparator: \.isNewline).first
                .map(String.init)
        default: throw .init("key= must be env:NAME or file:PATH")
        }
        guard let key = found?.trimmingCharacters(in: .whitespaces), !key.isEmpty else {
            throw .init("key=\(text) holds no key")
        }
        return Credential(key)
    }
}
