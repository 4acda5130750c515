import Glibc

/// How loud a stretch of sound is.
enum SoundLevel {
    /// Digital silence, in dB below full scale.
    static let silence = -96.0

    /// In dB below full scale; -96 at least.
    static func decibels(_ samples: some Collection<Int16>) -> Double {
        guard !samples.isEmpty else { return silence }
        // Whole numbers: a sum of 2^33 samples fits.
        let sum = samples.reduce(into: Int64(0)) { $0 &+= Int64(Int32($1) &* Int32($1)) }
        let energy = Double(sum) / Double(samples.count)
        guard energy > 0 else { return silence }
        return max(silence, 10 * log10(energy / (32_768.0 * 32_768.0)))
    }

    /// Whether any window of voice activity in it is as loud as speech is at least.
    static func hasSound(_ samples: [Int16]) -> Bool {
        var rest = samples[...]
        while !rest.isEmpty {
            if decibels(rest.prefix(voiceActivityWindow)) > EnergyVoiceActivity.quietestSpeech { return true }
            rest = rest.dropFirst(voiceActivityWindow)
        }
        return false
    }
}
