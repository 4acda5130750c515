import Glibc

/// A voice made from the one that hibari has: its pitch and the size of the mouth are changed before sound is made.
struct VoicePreset: Equatable, Sendable {
    /// Factor on the pitch.
    var pitch: Float
    /// Factor on the frequency of everything else; below 1 is a bigger mouth.
    var formants: Float

    static let plain = VoicePreset(pitch: 1, formants: 1)

    /// Every voice name of the Realtime API, by the preset that is nearest.
    static let byName: [String: VoicePreset] = [
        "marin": plain, "coral": VoicePreset(pitch: 1.08, formants: 1.04),
        "shimmer": VoicePreset(pitch: 1.16, formants: 1.07),
        "sage": VoicePreset(pitch: 0.94, formants: 1.0), "alloy": VoicePreset(pitch: 0.86, formants: 0.96),
        "verse": VoicePreset(pitch: 0.78, formants: 0.92), "cedar": VoicePreset(pitch: 0.7, formants: 0.88),
        "ballad": VoicePreset(pitch: 0.74, formants: 0.92), "ash": VoicePreset(pitch: 0.66, formants: 0.86),
        "echo": VoicePreset(pitch: 0.62, formants: 0.84),
    ]

    static let table = VoiceTable(
        entries: VoiceTable.realtimeNames.compactMap { name in
            byName[name].map { VoiceTable.Entry(name: name, description: $0.description) }
        }, realtime: [:])

    /// For a person who chooses.
    private var description: String {
        guard self != .plain else { return "the voice as it was trained, a woman's" }
        let mouth = formants == 1 ? "" : formants < 1 ? ", from a bigger mouth" : ", from a smaller mouth"
        return "\(pitch < 1 ? "lower" : "higher"): pitch × \(pitch)\(mouth)"
    }

    func apply(to spectrum: inout HibariSpectrum) {
        guard self != .plain else { return }
        for index in spectrum.pitch.indices { spectrum.pitch[index] *= pitch }
        // A lower pitch has more harmonics below the limit: each must be weaker for the same loudness.
        let level = logf(pitch) / 2
        for index in spectrum.voiced.indices { spectrum.voiced[index] += level }
        guard formants != 1 else { return }
        let frames = spectrum.frames
        spectrum.voiced = warped(spectrum.voiced, frames)
        spectrum.noise = warped(spectrum.noise, frames)
        spectrum.rest = warped(spectrum.rest, frames)
    }

    /// Log magnitudes moved along the frequency axis, in a straight line between bins.
    private func warped(_ rows: [Float], _ frames: Int) -> [Float] {
        var result = rows
        let last = HibariSpectrum.bins - 1
        for bin in 0...last {
            let source = min(Float(bin) / formants, Float(last))
            let low = Int(source)
            let part = source - Float(low)
            let high = min(low + 1, last)
            for frame in 0..<frames {
                let (from, to) = (rows[low * frames + frame], rows[high * frames + frame])
                result[bin * frames + frame] = from + (to - from) * part
            }
        }
        return result
    }
}
