import Foundation

/// The loudness of a recording in steps of 10 ms.
struct Loudness {
    /// dB, smoothed over 30 ms.
    private let levels: [Double]
    private let loudest: Double
    private static let step = 160

    init(of sound: [Int16]) {
        let powers = stride(from: 0, to: sound.count - Self.step, by: Self.step).map { start in
            sound[start..<start + Self.step].reduce(0.0) { $0 + Double($1) * Double($1) } / Double(Self.step)
        }
        levels = powers.indices.map { index in
            let near = powers[max(0, index - 1)...min(powers.count - 1, index + 1)]
            return 10 * log10(near.reduce(0, +) / Double(near.count) + 1)
        }
        loudest = levels.max() ?? 0
    }

    var lengthMs: Int { levels.count * 10 }

    /// Where speech ends: the last step less than 35 dB below the loudest.
    var endMs: Int { ((levels.lastIndex { $0 > loudest - 35 } ?? 0) + 1) * 10 }

    /// Starts of stretches that are quiet for at least so long and followed by speech.
    func silences(ofAtLeastMs minimum: Int) -> [Int] {
        var found: [Int] = []
        var quietSince: Int?
        for (index, level) in levels.enumerated() {
            if level < loudest - 30 {
                quietSince = quietSince ?? index
            } else {
                if let since = quietSince, (index - since) * 10 >= minimum, since > 50 { found.append(since * 10) }
                quietSince = nil
            }
        }
        return found
    }

    /// Lowest points at least 8 dB under the loudest within 150 ms on both sides, not near the ends of the recording.
    var dips: [Int] {
        (40..<max(41, levels.count - 40)).filter { index in
            let level = levels[index]
            let before = levels[index - 15..<index]
            let after = levels[index + 1...index + 15]
            return level <= before.suffix(4).min() ?? level && level < after.prefix(4).min() ?? level
                && before.max() ?? 0 > level + 8 && after.max() ?? 0 > level + 8
        }.map { $0 * 10 }
    }
}
