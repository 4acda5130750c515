import Foundation
import ModelLibrary
import Testing

@testable import SpeechEngines

/// The cases and where their expectations come from stand in `Fixtures/text-front-end.tsv`.
@Suite("The text front end reads every case of its file as an American reads it aloud")
struct TextFrontEndTests {
    @Test("Words", arguments: FrontEndCase.all.filter { !$0.isPhonemes })
    func words(_ item: FrontEndCase) {
        #expect(TextReader.read(item.text).flatMap(\.words).joined(separator: " ") == item.reading, "\(item.source)")
    }

    @Test(
        "Phonemes, with the dictionary of the voice", .enabled(if: FrontEndCase.hasLexicon, LocalModels.skipped),
        arguments: FrontEndCase.all.filter(\.isPhonemes))
    func phonemes(_ item: FrontEndCase) throws {
        let pronouncer = Pronouncer(lexicon: try FrontEndCase.lexicon.get()) { "<\($0)>" }
        let sounds = try pronouncer.pronounce(TextReader.read(item.text))
        #expect(sounds.joined(separator: " ") == item.reading, "\(item.source)")
    }

    @Test("The file has at least 300 cases, each with a source that its head explains")
    func sources() throws {
        let all = FrontEndCase.all
        #expect(all.count >= 300)
        #expect(Set(all.map(\.text)).count == all.count)
        for item in all {
            let name = item.source.prefix { $0 != ":" }
            #expect(FrontEndCase.head.contains { $0.hasPrefix("# \(name) ") }, "\(item.text): \(item.source)")
        }
    }
}

/// One line of the file.
struct FrontEndCase: Sendable, CustomTestStringConvertible {
    let kind: String
    let text: String
    /// Words, or phonemes of the voice.
    let reading: String
    let source: String

    var isPhonemes: Bool { kind == "phonemes" }
    var testDescription: String { "\(kind): \(text)" }

    static let head = lines.filter { $0.hasPrefix("# ") }
    /// Empty when the file is gone, which the count of cases tells.
    static let all = lines.compactMap(FrontEndCase.init)

    static let hasLexicon = lexiconPaths.allSatisfy(FileManager.default.fileExists)
    /// Loaded once for all cases.
    static let lexicon = Result { () throws(LocalEngineError) in try Lexicon(paths: lexiconPaths) }

    private init?(_ line: Substring) {
        let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard columns.count == 4 else { return nil }
        (kind, text, reading, source) = (columns[0], columns[1], columns[2], columns[3])
    }

    private static let lines: [Substring] = {
        let url = Bundle.module.bundleURL.appending(path: "Fixtures/text-front-end.tsv")
        return (try? String(contentsOf: url, encoding: .utf8))?.split(separator: "\n") ?? []
    }()

    private static let lexiconPaths = ["gold", "silver"].map { name in
        LocalModels.directory.path(.hibari, "lexicon_us_\(name).json")
    }
}
