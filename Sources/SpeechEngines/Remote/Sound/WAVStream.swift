import SessionEngine

/// The samples of a RIFF/WAVE file that comes in pieces, and of further ones right behind it.
///
/// The length of the samples is believed only if something follows that makes sense there: a chunk, or the next file of a
/// server that sends one for each sentence. Anything else after it is more samples.
struct WAVStream {
    private enum State {
        case header
        /// `left`: bytes until something else may come; nil where only the end of the stream ends them.
        case samples(SampleFormat, left: Int?)
        /// Right behind samples whose declared length is over.
        case boundary(SampleFormat)
        /// In a chunk of no use.
        case chunk(SampleFormat, left: Int)
    }

    private static let chunkNames = [
        "LIST", "list", "fact", "id3 ", "ID3 ", "cue ", "bext", "iXML", "PEAK", "smpl", "JUNK", "junk",
    ]

    private var state = State.header
    private var held: [UInt8] = []

    /// Whether samples were found at all.
    private(set) var hasBegun = false

    /// Runs of samples that are whole now, each of one format.
    mutating func feed(_ bytes: [UInt8]) throws(EngineFailure) -> [(format: SampleFormat, bytes: ArraySlice<UInt8>)] {
        held += bytes
        var runs: [(format: SampleFormat, bytes: ArraySlice<UInt8>)] = []
        while try step(&runs) {}
        return runs
    }

    /// Whether there may be more to do with what is held.
    private mutating func step(
        _ runs: inout [(format: SampleFormat, bytes: ArraySlice<UInt8>)]
    ) throws(EngineFailure) -> Bool {
        switch state {
        case .header:
            guard let header = try WAVHeader.read(held) else { return false }
            held.removeFirst(header.length)
            hasBegun = true
            state = .samples(header.format, left: header.dataBytes)
            return true
        case .samples(let format, let left):
            let whole = min(held.count, left ?? .max) / format.frameBytes * format.frameBytes
            if whole > 0 { runs.append((format, held[..<whole])) }
            held.removeFirst(whole)
            guard let left else { return false }
            // A length that is no whole number of frames ends with the last whole one.
            let isOver = left - whole < format.frameBytes
            state = isOver ? .boundary(format) : .samples(format, left: left - whole)
            return isOver
        case .boundary(let format):
            guard held.count >= 8 else { return false }
            if held.starts(with: "RIFF".utf8) {
                state = .header
            } else if Self.chunkNames.contains(where: { held.starts(with: $0.utf8) }) {
                let length = (0..<4).reduce(0) { $0 | Int(held[4 + $1]) << (8 * $1) }
                state = .chunk(format, left: 8 + length + length % 2)
            } else {
                state = .samples(format, left: nil)
            }
            return true
        case .chunk(let format, let left):
            let skipped = min(held.count, left)
            held.removeFirst(skipped)
            state = skipped == left ? .boundary(format) : .chunk(format, left: left - skipped)
            return skipped == left
        }
    }
}
