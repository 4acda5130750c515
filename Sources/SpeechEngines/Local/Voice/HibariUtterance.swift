import Glibc

/// Speech of one run of hibari's network, made piece by piece, so that the first is heard before the last is there.
struct HibariUtterance {
    typealias Word = (text: String, range: Range<Int>)

    /// Frames come in as many pairs at a time: 200 ms.
    private static let pairs = 8
    private static let samplesPerMs = 24
    private static let tailMs = 60

    private var sound: HibariVocoder.Sound
    private let words: [Word]
    private var trim: SilenceTrim

    /// - Parameters:
    ///   - words: where they are, in samples from the network's first.
    ///   - pauseMs: after the last word.
    init(sound: HibariVocoder.Sound, words: [Word], pauseMs: Int) {
        self.sound = sound
        self.words = words
        trim = SilenceTrim(tailSamples: (Self.tailMs + pauseMs) * Self.samplesPerMs)
    }

    /// What is heard next, nothing while there is silence only; nil after the last. The first sound brings all words.
    mutating func next(from vocoder: HibariVocoder) -> HibariModel.Speech? {
        guard let made = vocoder.next(&sound, pairs: Self.pairs) else { return nil }
        let isSilentSoFar = trim.start == nil
        var speech = HibariModel.Speech(samples: trim.take(made.map(Self.limited)))
        if isSilentSoFar, let start = trim.start {
            speech.words = words.map { word in
                (word.text, max(word.range.lowerBound - start, 0)..<max(word.range.upperBound - start, 0))
            }
        }
        return speech
    }

    /// Straight up to 0.7, then bent so that nothing is cut off at full scale.
    private static func limited(_ sample: Float) -> Int16 {
        guard sample.isFinite else { return 0 }
        let (size, bend) = (abs(sample), Float(0.7))
        let soft = size <= bend ? size : bend + (1 - bend) * tanhf((size - bend) / (1 - bend))
        return Int16((sample < 0 ? -soft : soft) * 32767)
    }
}
