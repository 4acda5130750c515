/// Which windows a voice activity model need not hear: quiet ones that follow a second of such, in which the model itself found
/// nothing. Pure.
///
/// What it remembers is then what it remembers of a second of silence. Left to hear more of it, Silero takes longer to find the next
/// word, the longer the silence was (350 ms after 20 s).
struct SilenceGate {
    /// -60 dBFS; a quiet room's microphone, and what browsers' noise suppression leaves, is below.
    static let quietPeak: UInt16 = 32
    /// Windows of 32 ms.
    static let heardWindows = 31
    /// The model finds less in silence by far, and no setting takes so little for speech.
    static let certainty: Float = 0.05

    private var quietWindows = 0
    private var latest: Float = 1

    /// What the model would say of this window, nearly; nil when it must hear it, and `heard` is to be told.
    mutating func answer(to window: [Int16]) -> Float? {
        guard !window.contains(where: { $0.magnitude > Self.quietPeak }) else {
            quietWindows = 0
            return nil
        }
        guard quietWindows >= Self.heardWindows, latest < Self.certainty else {
            quietWindows += 1
            return nil
        }
        return latest
    }

    /// What the model said of a window.
    mutating func heard(_ probability: Float) { latest = probability }
}
