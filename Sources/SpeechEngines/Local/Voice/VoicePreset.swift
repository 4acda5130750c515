import Glibc
import RealtimeProtocol

/// A voice made from the one that hibari has: its pitch and the size of the mouth are changed before sound is made.
struct VoicePreset: Equatable, Sendable {
    /// Factor on the pitch.
    var pitch: Float
    /// Factor on the frequency of everything else; below 1 is a bigger mouth.
    var formants: Float

    static let plain = VoicePreset(pitch: 1, formants: 1)

    /// The voices there are, each named like the one of the Realtime API that it is nearest to: few, so that each sounds
    /// clean and like nobody else.
    static let all: [(name: String, preset: VoicePreset)] = [
        ("marin", plain),
        ("coral", VoicePreset(pitch: 1.25, formants: 1.03)),
        ("alloy", VoicePreset(pitch: 0.8, formants: 0.95)),
        ("cedar", VoicePreset(pitch: 0.62, formants: 0.97)),
    ]

    static let table = VoiceTable(
        entries: all.map { VoiceTable.Entry(name: $0.name, description: $0.preset.description) },
        realtime: [
            "marin": "marin", "sage": "marin", "coral": "coral", "shimmer": "coral", "alloy": "alloy",
            "ballad": "alloy", "verse": "alloy", "cedar": "cedar", "ash": "cedar", "echo": "cedar",
        ])

    /// The one that speaks for a name; the default for one that nobody knows.
    static func named(_ voice: Voice) -> VoicePreset { all[table.index(of: voice) ?? table.defaultIndex].preset }

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
