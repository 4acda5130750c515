import Foundation
import Testing

@Suite("Documents of the metrics")
struct DashboardTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    private func metrics(in text: String) -> Set<String> {
        Set(text.matches(of: /\b(gateway|process)_[a-z_]+[a-z]/).map { String($0.output.0) })
    }

    @Test("docs/operations.md lists every metric that the sources make")
    func listed() throws {
        let sources = root.appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var made: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let source = try String(contentsOf: file, encoding: .utf8)
            made.formUnion(source.matches(of: /label: "((gateway|process)_[a-z_]+)"/).map { String($0.output.1) })
        }
        #expect(made.count > 40)
        let page = try text("docs/operations.md")
        let missing = made.filter { !page.contains("`\($0.replacing(/^gateway_/, with: ""))") }
        #expect(missing.sorted() == [])
    }

    @Test("docs/grafana.json is a dashboard of metrics that docs/operations.md lists")
    func dashboard() throws {
        let source = try text("docs/grafana.json")
        let dashboard = try #require(try JSONSerialization.jsonObject(with: Data(source.utf8)) as? [String: Any])
        let panels = try #require(dashboard["panels"] as? [[String: Any]])
        let queries = panels.flatMap { $0["targets"] as? [[String: Any]] ?? [] }.compactMap { $0["expr"] as? String }
        #expect(queries.count > 20)
        let page = try text("docs/operations.md")
        for name in queries.reduce(into: Set<String>(), { $0.formUnion(metrics(in: $1)) }) {
            let family = name.replacing(/^gateway_/, with: "").replacing(/_bucket$/, with: "")
            #expect(page.contains("`\(family)`"), "\(name)")
        }
    }
}
