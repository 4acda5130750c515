import SessionEngine

/// Where the input of a session ends, and whether its machine knows: frames come 50 times a second, and nothing follows from most of
/// them. It is told before whatever may depend on it, and once a second, so that what is too old is let go. Pure.
struct InputEnd {
    /// The machine may be so far behind.
    static let maxUntoldMs = 1_000

    private var told = AudioPosition(rawValue: 0)
    private var untold: AudioPosition?

    /// There is sound up to `end` now; returns it where that is to be told at once.
    mutating func advance(to end: AudioPosition) -> AudioPosition? {
        untold = end
        return end.ms(since: told) >= Self.maxUntoldMs ? take() : nil
    }

    /// What is to be told before `fact`; nil for nothing.
    mutating func due(before fact: SessionInput) -> AudioPosition? {
        switch fact {
        // A window tells its own end, and what was played depends on nothing that was said.
        case .audio, .voice, .played: nil
        default: take()
        }
    }

    private mutating func take() -> AudioPosition? {
        guard let end = untold else { return nil }
        (told, untold) = (end, nil)
        return end
    }
}
