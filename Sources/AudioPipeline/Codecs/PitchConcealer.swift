/// Conceals lost packets of a waveform codec at 8 kHz by repeating the last pitch period, in the manner of ITU-T G.711
/// Appendix I: full level for 10 ms, then fading to silence at 60 ms, blended into the speech that follows.
///
/// Deviation: the sound before the loss is not touched, so that nothing is delayed; the seam is smoothed behind it.
/// All counts are samples at 8 kHz. Works in memory allocated once.
struct PitchConcealer {
    /// Pitch of 66 to 200 Hz.
    private static let lags = 40...120
    /// What two periods are compared by: 10 ms.
    private static let template = 80
    private static let historyLength = 240
    private static let fullLevel = 80
    private static let silentAt = 480
    /// Blend into the first speech after a loss: 4 ms.
    private static let blend = 32

    private var history = [Float](repeating: 0, count: historyLength)
    private var period: [Float] = Array(repeating: 0, count: lags.upperBound)
    private var lag = lags.upperBound
    /// Samples concealed since the last speech; nil while speech arrives.
    private var concealed: Int?
    private var seam: Float = 0

    /// Takes speech that arrived; after a loss its beginning is blended with the concealment that led up to it.
    mutating func heard(_ samples: UnsafeMutableBufferPointer<Int16>) {
        if concealed != nil {
            let count = min(Self.blend, samples.count)
            for index in 0..<count {
                let share = Float(index + 1) / Float(count + 1)
                samples[index] = Self.rounded(Float(samples[index]) * share + next() * (1 - share))
            }
            concealed = nil
        }
        remember(UnsafeBufferPointer(samples))
    }

    /// Fills `output` with made-up sound that goes on from the last.
    mutating func conceal(into output: UnsafeMutableBufferPointer<Int16>) {
        if concealed == nil { begin() }
        for index in output.indices {
            output[index] = Self.rounded(next())
        }
    }

    private mutating func remember(_ samples: UnsafeBufferPointer<Int16>) {
        let tail = samples.suffix(Self.historyLength)
        let kept = Self.historyLength - tail.count
        for index in 0..<kept {
            history[index] = history[index + tail.count]
        }
        for (offset, sample) in tail.enumerated() {
            history[kept + offset] = Float(sample)
        }
    }

    /// Finds the pitch and prepares one period that can follow itself.
    private mutating func begin() {
        concealed = 0
        lag = bestLag()
        let start = Self.historyLength - lag
        let overlap = lag / 4
        for index in 0..<lag {
            period[index] = history[start + index]
        }
        // The last quarter of the period turns into what came before its beginning.
        for index in 0..<overlap {
            let share = Float(index + 1) / Float(overlap + 1)
            let at = lag - overlap + index
            period[at] = period[at] * (1 - share) + history[start - overlap + index] * share
        }
        seam = history[Self.historyLength - 1] - history[start - 1]
    }

    /// The next concealing sample: the period over and over, its seam to the speech before smoothed, at its level.
    private mutating func next() -> Float {
        let position = concealed ?? 0
        concealed = position + 1
        guard position < Self.silentAt else { return 0 }
        let smoothing = position < Self.blend ? seam * (1 - Float(position + 1) / Float(Self.blend + 1)) : 0
        let fading = Float(max(0, position - Self.fullLevel)) / Float(Self.silentAt - Self.fullLevel)
        return (period[position % lag] + smoothing) * (1 - fading)
    }

    private func bestLag() -> Int {
        var best = Self.lags.upperBound
        var bestScore: Float = 0
        for lag in Self.lags {
            let score = likeness(lag)
            if score > bestScore {
                best = lag
                bestScore = score
            }
        }
        return best
    }

    /// Normalised correlation of the last 10 ms with what was `lag` samples earlier; negative likeness counts as none.
    private func likeness(_ lag: Int) -> Float {
        var product: Float = 0
        var energy: Float = 1
        for index in (Self.historyLength - Self.template)..<Self.historyLength {
            product += history[index] * history[index - lag]
            energy += history[index - lag] * history[index - lag]
        }
        return product <= 0 ? 0 : product / energy.squareRoot()
    }

    private static func rounded(_ value: Float) -> Int16 {
        Int16(max(-32_768, min(32_767, value.rounded())))
    }
}
