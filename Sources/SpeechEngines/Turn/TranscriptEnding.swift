/// How the words of a turn end, as far as its grammar shows without parsing: a sentence does not end in "and the".
///
/// English. The lists are closed classes of the language, but for the verbs and the farewells.
struct TranscriptEnding: Equatable, Sendable {
    /// The mark after the last word.
    enum Mark: Equatable, Sendable {
        case none, comma, full, question, trailing
    }

    /// What the last word leaves open.
    enum Need: Equatable, Sendable {
        case nothing
        /// Articles, possessives, conjunctions, fillers: nothing ends in them.
        case certain
        /// Prepositions, auxiliaries, subject pronouns: some questions end in them.
        case likely
        /// Verbs that mostly have an object.
        case object
    }

    private(set) var mark: Mark
    private(set) var need: Need
    /// A greeting, thanks or "please": little comes after it.
    private(set) var isFarewell: Bool

    init(_ text: String) {
        let words = Self.words(of: text)
        mark = Self.mark(of: text)
        let last = words.last ?? ""
        let two = words.suffix(2).joined(separator: " ")
        need = Self.fillers.contains(two) ? .certain : Self.need(of: last)
        isFarewell = Self.farewells.contains(last) || Self.farewells.contains(two)
    }

    /// Lower-case, without punctuation.
    private static func words(of text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’") }.map {
            String($0).replacing("’", with: "'")
        }
    }

    private static func mark(of text: String) -> Mark {
        let ending = text.trimmed
        if ending.hasSuffix("...") || ending.hasSuffix("…") || ending.hasSuffix("-") || ending.hasSuffix("—") {
            return .trailing
        }
        return switch ending.last {
        case ".", "!": .full
        case "?": .question
        case ",", ";", ":": .comma
        default: .none
        }
    }

    private static func need(of word: String) -> Need {
        if determiners.contains(word) || conjunctions.contains(word) || fillers.contains(word) { return .certain }
        if prepositions.contains(word) || auxiliaries.contains(word) || subjects.contains(word) { return .likely }
        return transitives.contains(word) ? .object : .nothing
    }

    private static let determiners: Set = [
        "a", "an", "the", "my", "your", "his", "its", "our", "their", "every", "each", "some", "any", "no", "these",
        "those", "another", "which", "whose", "very", "really", "such", "both", "either", "neither", "other",
    ]
    private static let conjunctions: Set = [
        "and", "or", "but", "nor", "because", "although", "though", "unless", "if", "whether", "while", "whereas",
        "than",
        "as", "since", "until", "till", "when", "whenever", "that", "where", "who", "so", "then", "plus", "also",
    ]
    private static let prepositions: Set = [
        "of", "to", "in", "for", "with", "at", "by", "from", "on", "about", "into", "onto", "over", "under", "after",
        "before", "between", "through", "during", "without", "within", "against", "toward", "towards", "upon", "near",
        "behind", "beside", "beyond", "like", "per", "via", "among", "across", "around",
    ]
    private static let auxiliaries: Set = [
        "am", "is", "are", "was", "were", "be", "been", "being", "have", "has", "had", "do", "does", "did", "will",
        "would", "shall", "should", "can", "could", "may", "might", "must", "i'm", "i'd", "i'll", "i've", "we're",
        "we'd",
        "we'll", "we've", "you're", "you'd", "you'll", "you've", "they're", "they'd", "they'll", "they've", "he's",
        "he'd",
        "she's", "she'd", "it's", "it'd", "it'll", "that's", "there's", "what's", "who's", "let's", "where's", "how's",
        "isn't", "aren't", "wasn't", "won't", "wouldn't", "can't", "couldn't", "don't", "doesn't", "didn't", "haven't",
        "hasn't", "shouldn't", "not",
    ]
    private static let subjects: Set = ["i", "we", "he", "she", "they", "there"]
    private static let transitives: Set = [
        "need", "want", "book", "send", "give", "make", "take", "get", "put", "let", "buy", "bring", "tell", "find",
        "add", "move", "turn", "set", "change", "cancel", "remind", "explain", "read", "use", "keep", "see", "say",
        "said", "think", "guess", "mean", "thinking", "looking", "trying", "going", "getting", "wondering", "called",
        "named",
    ]
    private static let fillers: Set = [
        "um", "uh", "uhm", "erm", "er", "hmm", "well", "you know", "i mean", "let me", "sort of", "kind of",
    ]
    private static let farewells: Set = [
        "please", "thanks", "thank you", "goodbye", "bye", "hello", "hi", "okay", "ok", "yes", "no", "sure", "right",
        "stop", "never mind", "got it",
    ]
}
