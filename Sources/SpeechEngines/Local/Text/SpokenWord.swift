/// One word of a text as it is shown, with the words it is read as.
struct SpokenWord: Equatable, Sendable {
    /// Without the white space around it.
    var display: String
    /// Plain words and single capital letters, as the pronouncer takes them.
    var words: [String]
    /// Punctuation the voice hears after it: one of `. , ! ? ; : — …`, or none.
    var pause: Character?
}
