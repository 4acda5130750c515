import SessionEngine

/// The latest input of a session: mono Int16 at 24 kHz, every sample at its position on the session's timeline.
///
/// Holds at most `limit`; what is older is dropped and counted. Memory comes in pieces of a second as sound does, and goes
/// when it is released. Pure.
struct AudioRing {
    /// Six minutes, 17 MB: a little more than the longest append of PCM (15 MiB are 327 s).
    static let limit = Duration.seconds(360)
    static let samplesPerSecond = 24_000
    /// Ticks of an `AudioPosition` per sample.
    static let ticksPerSample: Int64 = 2

    private static let limitSamples = Int64(limit.components.seconds) * Int64(samplesPerSecond)
    private static let pieceSamples = samplesPerSecond

    /// Whole pieces but the last; the first begins at `origin`.
    private var pieces: [[Int16]] = []
    private var origin: Int64 = 0
    /// The first sample that is held, and the one after the last, counted from the session's first.
    private(set) var start: Int64 = 0
    private(set) var end: Int64 = 0
    /// Samples that were dropped because the ring was full.
    private(set) var dropped: Int64 = 0

    var endPosition: AudioPosition { Self.position(end) }

    mutating func append(_ samples: ArraySlice<Int16>) {
        var rest = samples
        while !rest.isEmpty {
            let run = rest.prefix(roomInLastPiece())
            pieces[pieces.count - 1].append(contentsOf: run)
            end += Int64(run.count)
            rest = rest.dropFirst(run.count)
        }
        dropSurplus()
    }

    mutating func appendSilence(_ count: Int) {
        var rest = count
        while rest > 0 {
            let run = min(rest, roomInLastPiece())
            pieces[pieces.count - 1].append(contentsOf: repeatElement(0, count: run))
            end += Int64(run)
            rest -= run
        }
        dropSurplus()
    }

    /// The samples of a range, as far as they are held.
    func samples(in range: Range<Int64>) -> [Int16] {
        let lower = max(range.lowerBound, start)
        let upper = min(range.upperBound, end)
        guard lower < upper else { return [] }
        var result: [Int16] = []
        result.reserveCapacity(Int(upper - lower))
        var next = lower
        while next < upper {
            let piece = Int(next - origin) / Self.pieceSamples
            let offset = Int(next - origin) % Self.pieceSamples
            let run = min(Self.pieceSamples - offset, Int(upper - next))
            result.append(contentsOf: pieces[piece][offset..<offset + run])
            next += Int64(run)
        }
        return result
    }

    /// Forgets what stands before `sample`.
    mutating func release(before sample: Int64) {
        start = max(start, min(sample, end))
        while !pieces.isEmpty, start - origin >= Int64(Self.pieceSamples) {
            pieces.removeFirst()
            origin += Int64(Self.pieceSamples)
        }
    }

    static func sample(_ position: AudioPosition) -> Int64 { position.rawValue / ticksPerSample }
    static func position(_ sample: Int64) -> AudioPosition { AudioPosition(rawValue: sample &* ticksPerSample) }

    /// At least one; begins a piece where the last is full.
    private mutating func roomInLastPiece() -> Int {
        if let last = pieces.last, last.count < Self.pieceSamples { return Self.pieceSamples - last.count }
        var piece: [Int16] = []
        piece.reserveCapacity(Self.pieceSamples)
        pieces.append(piece)
        return Self.pieceSamples
    }

    private mutating func dropSurplus() {
        let surplus = end - start - Self.limitSamples
        guard surplus > 0 else { return }
        dropped += surplus
        release(before: start + surplus)
    }
}
