import Foundation

/// A labelled pause: a stretch of a recording that somebody has spoken so far, and whether more follows.
struct Pause: Hashable {
    /// Below the folder of recordings, without ".wav".
    let recording: String
    let voice: String
    let startMs: Int
    /// Where the speech stops.
    let endMs: Int
    /// Whether the turn is over.
    let isEnd: Bool

    /// By voice: nobody is heard in both halves. The order of the sorted names alternates.
    enum Half: String, CaseIterable {
        case tuning
        case heldOut = "held-out"
    }

    /// One line per pause: recording, voice, start and end in ms, "end" or "hold".
    static func read(_ file: URL) throws -> [Pause] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 5, let start = Int(fields[2]), let end = Int(fields[3]) else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return Pause(
                recording: fields[0], voice: fields[1], startMs: start, endMs: end, isEnd: fields[4] == "end")
        }
    }

    var line: String { "\(recording)\t\(voice)\t\(startMs)\t\(endMs)\t\(isEnd ? "end" : "hold")" }

    static let header = "recording\tvoice\tstart_ms\tend_ms\tlabel"
}

extension Sequence<Pause> {
    /// Every other voice of the sorted names is held out.
    func split() -> [Pause.Half: [Pause]] {
        let voices = Set(map(\.voice)).sorted()
        let half = Dictionary(
            uniqueKeysWithValues: voices.enumerated().map { ($1, $0 % 2 == 0 ? Pause.Half.tuning : .heldOut) })
        return Dictionary(grouping: self) { half[$0.voice] ?? .tuning }
    }
}
