/// One recording a caller says.
package struct Utterance: Equatable, Sendable {
    package var name: String
    /// Mono, 24 kHz.
    package var samples: [Int16]
    /// The sample after the last one of speech; what follows is the recording's own silence.
    package let speechEnd: Int

    package init(name: String, samples: [Int16]) {
        self.name = name
        self.samples = samples
        speechEnd = SpokenSound.endOfSpeech(in: samples)
    }
}
