import RealtimeProtocol

/// The audio of one generation on its way to a peer: what was handed over, and what has been played.
///
/// Samples are mono at 24 kHz, of the generation.
struct Playout: Sendable {
    enum Stage: Equatable, Sendable {
        /// Nothing has been heard.
        case silent
        case playing
    }

    let generation: ResponseGeneration
    let response: ResponseID
    let isOutOfBand: Bool
    private(set) var stage = Stage.silent
    private(set) var delivered: Int
    private(set) var played: Int
    /// Samples that were sent by other means before the first that were delivered here.
    private let heardBefore: Int
    /// Where the clause that was handed over last begins.
    private var lastClause = (number: -1, start: 0)
    /// Items of this generation with sound.
    var items: [ItemID] = []
    /// Set with `response.done`: nothing more will be delivered.
    var isWhole = false

    /// How much had been played when, the oldest first; as long ago as a peer may be silent before it counts as lost.
    private var marks: [(at: ContinuousClock.Instant, played: Int)] = []

    static let memory = Duration.seconds(40)
    private static let betweenMarks = Duration.milliseconds(100)

    /// - Parameter heard: samples that were sent before by other means, and are over.
    init(generation: ResponseGeneration, response: ResponseID, isOutOfBand: Bool, heard: Int = 0) {
        self.generation = generation
        self.response = response
        self.isOutOfBand = isOutOfBand
        heardBefore = heard
        delivered = heard
        played = heard
    }

    var isOver: Bool { isWhole && played >= delivered }

    /// Whether the last of its clauses is being heard, or has been: then another response may be told.
    var isAtItsLastClause: Bool {
        delivered > lastClause.start ? played > lastClause.start : played >= lastClause.start
    }

    mutating func deliver(_ samples: Int, of item: ItemID, clause: Int) {
        if clause != lastClause.number { lastClause = (clause, delivered) }
        delivered += samples
        if items.last != item { items.append(item) }
    }

    /// Remembers how much has been played now; `isLast` where nothing follows.
    mutating func mark(_ now: ContinuousClock.Instant, isLast: Bool = false) {
        if !isLast, let last = marks.last, now - last.at < Self.betweenMarks { return }
        marks.append((now, played))
        // One that is older than the memory says what was played when the memory begins.
        let old = marks.prefix { now - $0.at > Self.memory }.count
        marks.removeFirst(max(0, old - 1))
    }

    /// Whether anybody may have to be told later that it was not heard.
    func isRemembered(_ now: ContinuousClock.Instant) -> Bool {
        marks.last.map { now - $0.at <= Self.memory } ?? false
    }

    /// What was played after `instant` was not heard.
    mutating func forget(heardAfter instant: ContinuousClock.Instant) {
        if let mark = marks.last(where: { $0.at <= instant }) {
            played = mark.played
        } else if !marks.isEmpty {
            played = heardBefore
        }
        marks.removeAll { $0.at > instant }
    }

    /// It will be heard from here on by a peer that has heard nothing of it yet.
    mutating func begin() { stage = .silent }

    /// Takes the count of samples that have left; true when they are the first.
    mutating func advance(toPlayed samples: Int) -> Bool {
        played = max(played, min(samples, delivered))
        guard stage == .silent, played > 0 else { return false }
        stage = .playing
        return true
    }
}
