/// Takes away the silence around speech while the speech comes: what may still be followed by a sound is held back.
///
/// Samples are mono Int16 at 24 kHz.
struct SilenceTrim {
    /// Of 32767; a network's silence is below.
    private static let silenceLevel = 200
    /// Kept before the first loud sample (30 ms), where quiet sounds begin.
    private static let leadSamples = 720

    /// Kept after the last loud sample.
    private let tailSamples: Int
    private var held: [Int16] = []
    /// Samples before the held ones.
    private var passed = 0
    /// One after the last that may be given, unless something loud follows; counted like `passed`.
    private var end = 0

    /// Samples taken away before the speech; nil while nothing loud has come.
    private(set) var start: Int?

    init(tailSamples: Int) {
        self.tailSamples = tailSamples
    }

    /// Takes what comes next; gives what belongs to the speech for certain.
    mutating func take(_ samples: [Int16]) -> [Int16] {
        held += samples
        if start == nil, let first = held.firstIndex(where: Self.isLoud) {
            start = max(0, first - Self.leadSamples)
            drop(max(0, first - Self.leadSamples))
        }
        if let last = held.lastIndex(where: Self.isLoud) { end = passed + last + tailSamples }
        let given = Array(held.prefix(max(0, end - passed)))
        drop(given.count)
        return given
    }

    private mutating func drop(_ count: Int) {
        held.removeFirst(count)
        passed += count
    }

    private static func isLoud(_ sample: Int16) -> Bool { abs(Int(sample)) > silenceLevel }
}
