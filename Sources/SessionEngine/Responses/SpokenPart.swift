import RealtimeProtocol

/// The audio part of an assistant message: which clause was spoken where, and how much of it counts.
///
/// Samples are mono at 24 kHz from the part's first one.
struct SpokenPart: Equatable, Sendable {
    /// Samples per millisecond.
    static let samplesPerMs = 24

    struct Clause: Equatable, Sendable {
        /// In the generation.
        let number: Int
        let text: String
        /// Of its first sample.
        let start: Int
        var samples = 0
        /// In ms from the clause's first sample.
        var words: [WordTiming] = []
        var progress = Progress.asked
    }

    /// How far the voice is with a clause.
    enum Progress: Equatable, Sendable {
        case asked
        case speaking
        case spoken
    }

    /// What of a part counts as said.
    private enum Extent: Equatable, Sendable {
        case all
        /// Only the first samples were heard.
        case cut(samples: Int)
    }

    /// Where the part begins among the samples of its generation.
    let firstSample: Int
    /// Where the clause before the part began, from the part's first sample; nil for the first part of a generation.
    private let clauseBefore: Int?
    private(set) var clauses: [Clause] = []
    /// Clauses whose transcript has been told.
    private(set) var told = 0
    private var extent = Extent.all

    /// - Parameter previous: the part before it in the generation.
    init(firstSample: Int, after previous: SpokenPart? = nil) {
        self.firstSample = firstSample
        clauseBefore = previous.flatMap { part in
            part.clauses.last.map { $0.start + part.firstSample - firstSample }
        }
    }

    /// Samples spoken so far.
    private(set) var spokenSamples = 0

    /// Samples that remain: spoken, and not cut off.
    var samples: Int {
        switch extent {
        case .all: spokenSamples
        case .cut(let samples): min(samples, spokenSamples)
        }
    }

    var isCut: Bool { extent != .all }
    var lengthMs: Int { samples / Self.samplesPerMs }

    /// Whether every clause asked for has been spoken, and told.
    var isComplete: Bool { told == clauses.count && clauses.allSatisfy { $0.progress == .spoken } }

    /// Everything told to clients: the sum of the deltas.
    var toldTranscript: String { clauses[..<told].reduce(into: "") { $0 += $1.text } }

    /// What was said and counts: the whole as told, or the words that had been heard where it was cut.
    var transcript: String {
        guard case .cut(let samples) = extent else { return toldTranscript }
        return clauses[..<told].reduce(into: "") { $0 += $1.heard(atSample: samples) }
    }

    mutating func ask(_ number: Int, _ text: String) {
        clauses.append(Clause(number: number, text: text, start: spokenSamples))
    }

    /// Takes a block of a clause of this part; false when there is no such clause being spoken.
    mutating func add(_ chunk: SpeechChunk) -> Bool {
        guard let index = clauses.firstIndex(where: { $0.number == chunk.clause && $0.progress != .spoken }),
            chunk.samples >= 0, index == 0 || clauses[index - 1].progress == .spoken
        else { return false }
        let start = clauses[index].progress == .asked ? spokenSamples : clauses[index].start
        var clause = Clause(number: chunk.clause, text: clauses[index].text, start: start)
        clause.samples = clauses[index].samples + chunk.samples
        clause.words = clauses[index].words + chunk.words
        clause.progress = .speaking
        clauses[index] = clause
        spokenSamples += chunk.samples
        return true
    }

    /// The voice has finished a clause.
    mutating func finish(clause number: Int) {
        guard let index = clauses.firstIndex(where: { $0.number == number }) else { return }
        if clauses[index].progress == .asked {
            clauses[index] = Clause(number: number, text: clauses[index].text, start: spokenSamples)
        }
        clauses[index].progress = .spoken
    }

    /// Whether some clause asked for has not been spoken.
    var isBeingSpoken: Bool { clauses.last.map { $0.progress != .spoken } ?? false }

    /// The voice is given up: clauses have the sound they have.
    mutating func finishAll() {
        for clause in clauses where clause.progress != .spoken { finish(clause: clause.number) }
    }

    /// The next clause whose transcript is due, once its speech has begun. Where `played` (samples of this part that
    /// have been heard) is given, at most one clause ahead of what is heard.
    mutating func tellNext(played: Int?) -> Clause? {
        guard told < clauses.count, clauses[told].progress != .asked else { return nil }
        if let played {
            if told > 0, !clauses[told - 1].hasBegun(played: played) { return nil }
            if told == 0, let clauseBefore, played < clauseBefore || played == clauseBefore && clauseBefore < 0 {
                return nil
            }
        }
        told += 1
        return clauses[told - 1]
    }

    /// Cuts the part after `samples`, for good.
    mutating func cut(toSamples samples: Int) {
        extent = .cut(samples: max(0, min(samples, self.samples)))
    }
}

extension SpokenPart.Clause {
    /// Whether some of it has been heard, or would have been if it had any sound.
    func hasBegun(played: Int) -> Bool { samples > 0 ? played > start : played >= start }

    /// Its words that had been heard to their end when the part had played so many samples.
    func heard(atSample sample: Int) -> String {
        let samples = sample - start
        // A clause without sound counts once something after it was heard.
        guard samples > 0 else { return "" }
        if samples >= self.samples, progress == .spoken { return text }
        guard self.samples > 0 else { return "" }
        return HeardText.prefix(of: text, words: words, ms: samples / SpokenPart.samplesPerMs)
            ?? HeardText.prefix(of: text, fraction: Double(samples) / Double(max(self.samples, samples)))
    }
}
