import AudioPipeline
import RealtimeProtocol
import SessionEngine

/// The work of one response in the driver: clauses that wait for the voice, and blocks the machine knows but has not
/// delivered.
struct SpokenResponse {
    /// Blocks that may be undelivered; the machine delivers as it is told, so that more would be an error of ours.
    static let maxUndelivered = 64

    let startedAt: ContinuousClock.Instant
    var hasOutput = false
    var hasAudio = false
    private var clauses: [SpeechRequest] = []
    private var blocks: [Int: [Int16]] = [:]
    private var nextBlock = 0
    private var encoder: (part: PartAddress, encoder: OutputAudioEncoder)?

    init(startedAt: ContinuousClock.Instant) {
        self.startedAt = startedAt
    }

    var isFull: Bool { blocks.count >= Self.maxUndelivered }

    mutating func add(_ clause: SpeechRequest) { clauses.append(clause) }

    mutating func nextClause() -> SpeechRequest? { clauses.isEmpty ? nil : clauses.removeFirst() }

    mutating func dropClauses() { clauses = [] }

    /// Keeps a block under the number the machine will name.
    mutating func keep(_ samples: [Int16]) -> Int {
        defer { nextBlock += 1 }
        blocks[nextBlock] = samples
        return nextBlock
    }

    mutating func takeBlock(_ number: Int) -> [Int16]? { blocks.removeValue(forKey: number) }

    /// The encoder of a part; another part or format begins afresh.
    mutating func encoder(_ part: PartAddress, _ format: AudioFormat) throws(AudioError) -> OutputAudioEncoder {
        if let encoder, encoder.part == part, encoder.encoder.format == format { return encoder.encoder }
        let fresh = try OutputAudioEncoder(format)
        encoder = (part, fresh)
        return fresh
    }
}
