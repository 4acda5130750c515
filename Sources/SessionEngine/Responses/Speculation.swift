/// An answer to a turn that is probably over: nobody hears of it until the turn has ended as was foreseen.
struct Speculation: Sendable {
    /// More than an answer of a few sentences: what goes beyond is not worth holding.
    static let maxHeldBytes = 16_384

    let generation: ResponseGeneration
    /// Where the pause began after which the turn may be over.
    let silentSince: AudioPosition
    let request: ModelRequest
    /// What the model has said, and how it ended.
    private(set) var outputs: [ModelOutput] = []
    var end: ModelEnd?
    private var heldBytes = 0

    init(generation: ResponseGeneration, silentSince: AudioPosition, request: ModelRequest) {
        self.generation = generation
        self.silentSince = silentSince
        self.request = request
    }

    /// False when it is too much.
    mutating func hold(_ output: ModelOutput) -> Bool {
        outputs.append(output)
        heldBytes += 16 + output.textBytes
        return heldBytes <= Self.maxHeldBytes
    }
}

/// What became of an answer that was begun before the turn was over.
package enum SpeculationOutcome: String, Equatable, Sendable {
    case used
    case discarded
}

extension ModelOutput {
    fileprivate var textBytes: Int {
        switch self {
        case .text(let text), .arguments(let text), .functionCall(_, let text): text.utf8.count
        case .messageEnd, .functionCallEnd: 0
        }
    }
}
