import AudioPipeline
import SessionEngine

/// The audio of one response on its way to a peer: what was handed over, and what has been played. Pure.
///
/// Samples are mono at 24 kHz, of the response.
struct UpstreamPlayout: Equatable, Sendable {
    /// One content part.
    struct Part: Equatable, Sendable {
        let item: String
        let contentIndex: Int
        let start: Int
        var samples = 0
    }

    static let samplesPerMs = 24

    let generation: Generation
    let response: String
    let isOutOfBand: Bool
    private(set) var parts: [Part] = []
    private(set) var delivered = 0
    private(set) var played = 0
    /// Nothing more will be delivered.
    var isWhole = false

    init(_ generation: Generation, response: String, isOutOfBand: Bool) {
        self.generation = generation
        self.response = response
        self.isOutOfBand = isOutOfBand
    }

    var isOver: Bool { isWhole && played >= delivered }
    var isHeard: Bool { played > 0 }

    mutating func deliver(_ samples: Int, of item: String, _ contentIndex: Int) {
        if parts.last?.item != item || parts.last?.contentIndex != contentIndex {
            parts.append(Part(item: item, contentIndex: contentIndex, start: delivered))
        }
        parts[parts.count - 1].samples += samples
        delivered += samples
    }

    /// Takes the count of samples that have left; true when they are the first.
    mutating func advance(toPlayed samples: Int) -> Bool {
        let wasHeard = isHeard
        played = max(played, min(samples, delivered))
        return isHeard && !wasHeard
    }

    /// Parts that were not heard to their end, and how much of each was.
    var unheard: [(part: Part, heardMs: Int)] {
        parts.compactMap { part in
            let heard = max(0, played - part.start)
            return heard < part.samples ? (part, heard / Self.samplesPerMs) : nil
        }
    }
}
