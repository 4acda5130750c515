import Foundation
import SessionEngine
import Testing

/// Every file of `Transcripts` is one session: inputs on virtual time, and all that they bring about.
@Suite("Golden transcripts")
struct GoldenTranscriptTests {
    /// Set to a folder, the sessions as they happened are written there: to look at them, and to take over what is right.
    private static let recordPath = ProcessInfo.processInfo.environment["TRANSCRIPT_RECORD_PATH"]

    private static let folder = Bundle.module.bundleURL.appendingPathComponent("Transcripts")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".transcript") }.map { String($0.dropLast(11)) }.sorted()
    }()

    @Test("A scripted session goes as written", arguments: names)
    func session(_ name: String) throws {
        let file = Self.folder.appendingPathComponent(name + ".transcript")
        let transcript = Transcript(try String(contentsOf: file, encoding: .utf8))
        #expect(!transcript.title.isEmpty)
        let actual = try TranscriptRunner.run(transcript)
        if let path = Self.recordPath {
            let file = URL(fileURLWithPath: path).appendingPathComponent(name + ".transcript")
            try transcript.text(actual).write(to: file, atomically: true, encoding: .utf8)
        }
        let difference = Self.difference(transcript, actual)
        #expect(difference.isEmpty, "\(transcript.title)\n\(difference)")
    }

    @Test("There are at least 60 scripted sessions")
    func count() {
        #expect(Self.names.count >= 60)
    }

    /// The steps that went otherwise, `-` for lines that did not come and `+` for lines nobody expected.
    private static func difference(_ transcript: Transcript, _ actual: [[String]]) -> String {
        zip(transcript.steps, actual).compactMap { step, effects -> String? in
            guard step.expected != effects else { return nil }
            let changes = effects.difference(from: step.expected).map { change in
                switch change {
                case .insert(let offset, let line, _): (offset, "  + \(line)")
                case .remove(let offset, let line, _): (offset, "  - \(line)")
                }
            }
            return (["\(step.time) > \(step.input)"] + changes.sorted { $0.0 < $1.0 }.map(\.1)).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
