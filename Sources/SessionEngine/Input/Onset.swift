/// Sound that may become a turn of the user. While an answer is heard it takes more of it: a cough, a door or a key is no
/// interruption.
struct Onset: Equatable, Sendable {
    /// Length of one window of voice activity.
    static let windowMs = 32
    /// While nobody else speaks: speech shorter than this is a click, not a turn. Two windows.
    private static let speechMs = 64
    /// Over an answer: so much voice, windows that flicker between not counted.
    private static let interruptionMs = 160

    /// Where the sound began.
    let start: AudioPosition
    private(set) var voicedMs: Int

    /// A first window of voice that ends at `position`.
    init(endingAt position: AudioPosition) {
        start = position.advanced(byMs: -Self.windowMs)
        voicedMs = 0
    }

    /// Takes the next window; false when the sound was nothing. Over an answer a window without voice takes back what one
    /// with voice gave; otherwise it ends the sound.
    mutating func hear(_ probability: Double, _ policy: TurnPolicy, overAnswer: Bool) -> Bool {
        guard overAnswer else {
            guard probability >= policy.threshold else { return false }
            voicedMs += Self.windowMs
            return true
        }
        if probability >= policy.interruptionThreshold {
            voicedMs += Self.windowMs
        } else if probability < policy.release {
            voicedMs -= Self.windowMs
        }
        return voicedMs > 0 || probability >= policy.threshold
    }

    func isTurn(overAnswer: Bool) -> Bool { voicedMs >= (overAnswer ? Self.interruptionMs : Self.speechMs) }
}
