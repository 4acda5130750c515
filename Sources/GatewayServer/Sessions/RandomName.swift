import VoiceSession

/// Names that cannot be guessed: 22 base-62 characters, 130 bits of the system's random number generator.
enum RandomName {
    static let length = 22
    static let alphabet = RandomLetters.alphabet

    static func make(prefix: String) -> String { prefix + RandomLetters.draw(length) }
}
