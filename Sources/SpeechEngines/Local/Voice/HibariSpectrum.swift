/// What hibari's network says of a stretch of speech: per frame of 12.5 ms a pitch and 601 bins of each spectral part.
struct HibariSpectrum: Sendable {
    /// Bins of a transform of 1200 samples.
    static let bins = 601

    var frames: Int
    /// Log magnitude of the voiced part; all five are laid out bin by bin, each a row of frames.
    var voiced: [Float]
    /// Phase of the voiced part, before tanh, in units of π.
    var voicedPhase: [Float]
    /// Log magnitude of the noise.
    var noise: [Float]
    /// Log magnitude and phase (radians) of the rest.
    var rest: [Float]
    var restPhase: [Float]
    /// Hz; below 40 is unvoiced.
    var pitch: [Float]
}
