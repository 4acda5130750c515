/// Turns read words into the phonemes of the voice (those of Kokoro: IPA with capitals for diphthongs).
struct Pronouncer: Sendable {
    static let vowels = Set("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻɐ")

    private let lexicon: Lexicon
    /// Phonemes of a word that no dictionary knows.
    private let guess: @Sendable (String) throws(LocalEngineError) -> String

    init(lexicon: Lexicon, guess: @escaping @Sendable (String) throws(LocalEngineError) -> String) {
        self.lexicon = lexicon
        self.guess = guess
    }

    /// Phonemes per word of the text as shown; those of several read words are parted by spaces.
    func pronounce(_ text: [SpokenWord]) throws(LocalEngineError) -> [String] {
        let flat = text.enumerated().flatMap { index, word in
            word.words.enumerated().map { Place(word: index, text: $1, isLast: $0 + 1 == word.words.count) }
        }
        var result = Array(repeating: [String](), count: text.count)
        // What comes after a word decides how "the" and "to" sound, so that the last is looked at first.
        var following = Following.pause
        for (position, place) in flat.enumerated().reversed() {
            if place.isLast, text[place.word].pause != nil { following = .pause }
            let previous = position > 0 ? flat[position - 1].text.lowercased() : ""
            let sound = try phonemes(of: place.text, before: following, after: previous)
            result[place.word].insert(sound, at: 0)
            if let first = sound.first(where: { $0 != "ˈ" && $0 != "ˌ" }) {
                following = Self.vowels.contains(first) ? .vowel : .consonant
            }
        }
        return result.map { $0.joined(separator: " ") }
    }

    private struct Place {
        let word: Int
        let text: String
        let isLast: Bool
    }

    enum Following {
        case pause, vowel, consonant
    }

    /// One word, given what sounds after it and which word stands before.
    func phonemes(of word: String, before following: Following, after previous: String) throws(LocalEngineError)
        -> String
    {
        if let small = functionWord(word, following) { return small }
        if let entry = lexicon.entry(of: word) {
            // "she lives" has the verb; "is she close" has not.
            let isVerb = word.hasSuffix("s") && ["he", "she", "it"].contains(previous)
            return choose(entry, following, isVerb ? "they" : previous).flapped
        }
        if let inflected = inflected(word, previous) { return inflected.flapped }
        if let acronym = word.acronym { return letters(of: acronym, ending: word.dropFirst(acronym.count)) }
        return try guess(word).flapped
    }

    /// Words that lose their stress or change with the next sound.
    private func functionWord(_ word: String, _ following: Following) -> String? {
        switch word {
        case "a": "ɐ"
        case "A" where following != .pause: "ɐ"
        case "an", "An": "ɐn"
        case "the", "The", "THE": following == .vowel ? "ði" : "ðə"
        case "to", "To": following == .vowel ? "tʊ" : following == .consonant ? "tə" : "tu"
        case "in", "In": following == .pause ? "ˈɪn" : "ɪn"
        case "I": "ˌI"
        case "am": following == .consonant ? "ɐm" : "æm"
        default: nil
        }
    }

    private func choose(_ entry: Lexicon.Entry, _ following: Following, _ previous: String) -> String {
        guard !entry.byUse.isEmpty else { return entry.usual }
        if following == .pause, let alone = entry.byUse["None"] { return alone }
        for use in Self.likelyUses(after: previous) {
            if let sound = entry.byUse[use] { return sound }
        }
        return entry.usual
    }

    /// Parts of speech that the word before makes likely, the likeliest first.
    private static func likelyUses(after previous: String) -> [String] {
        if verbLeaders.contains(previous) { return ["VERB"] }
        if participleLeaders.contains(previous) { return ["VBN", "VBD"] }
        if nounLeaders.contains(previous) { return ["NOUN"] }
        return []
    }

    private static let verbLeaders: Set = [
        "to", "will", "would", "can", "could", "should", "shall", "must", "may", "might", "i", "you", "we", "they",
        "who",
        "don't", "doesn't", "didn't", "won't", "can't", "let's", "please", "i'll", "you'll", "we'll", "they'll", "not",
    ]
    private static let participleLeaders: Set = [
        "have", "has", "had", "was", "were", "been", "be", "being", "i've", "you've", "we've", "they've", "having",
    ]
    private static let nounLeaders: Set = [
        "the", "a", "an", "this", "that", "my", "your", "his", "her", "its", "our", "their", "of", "in", "some", "any",
        "no",
        "each", "every", "new", "first", "second", "last", "for", "with", "good", "great", "common", "daily",
    ]

    /// Plurals, possessives, past tenses and participles of known words.
    private func inflected(_ word: String, _ previous: String) -> String? {
        func stem(_ ending: Int, _ added: String = "") -> String? {
            guard word.count > ending + 1 else { return nil }
            let base = word.dropLast(ending) + added
            return lexicon.entry(of: String(base)).map { choose($0, .consonant, previous) }
        }
        let lower = word.lowercased()
        if lower.hasSuffix("'s") || lower.hasSuffix("s'") { return stem(2).map { $0 + Self.pluralEnding(after: $0) } }
        if lower.hasSuffix("'ll") { return stem(3).map { $0 + "əl" } }
        if lower.hasSuffix("'re") { return stem(3).map { $0 + "əɹ" } }
        if lower.hasSuffix("'ve") { return stem(3).map { $0 + "əv" } }
        if lower.hasSuffix("'d") { return stem(2).map { $0 + "əd" } }
        if lower.hasSuffix("s"), !lower.hasSuffix("ss") {
            let base = stem(1) ?? (lower.hasSuffix("ies") ? stem(3, "y") : lower.hasSuffix("es") ? stem(2) : nil)
            return base.map { $0 + Self.pluralEnding(after: $0) }
        }
        if lower.hasSuffix("ed") {
            let base = stem(1) ?? stem(2) ?? (lower.hasSuffix("ied") ? stem(3, "y") : nil) ?? doubled(lower, 2, stem)
            return base.map { $0 + Self.pastEnding(after: $0) }
        }
        if lower.hasSuffix("ing") {
            return (stem(3) ?? stem(3, "e") ?? doubled(lower, 3, stem)).map { $0 + "ɪŋ" }
        }
        return nil
    }

    /// "stopped" and "stopping" lose the doubled letter, too.
    private func doubled(_ word: String, _ ending: Int, _ stem: (Int, String) -> String?) -> String? {
        let base = word.dropLast(ending)
        guard let last = base.last, base.dropLast().last == last else { return nil }
        return stem(ending + 1, "")
    }

    private static func pluralEnding(after sound: String) -> String {
        switch sound.last {
        case "p", "t", "k", "f", "θ": "s"
        case "s", "z", "ʃ", "ʒ", "ʧ", "ʤ": "ᵻz"
        default: "z"
        }
    }

    private static func pastEnding(after sound: String) -> String {
        switch sound.last {
        case "t", "d": "ᵻd"
        case "p", "k", "f", "θ", "ʃ", "s", "ʧ": "t"
        default: "d"
        }
    }

    /// Letter by letter, the last one stressed, with the ending of a plural or possessive.
    private func letters(of word: String, ending: Substring) -> String {
        let names = word.compactMap { lexicon.entry(of: $0.uppercased())?.usual }
        let spelled = names.enumerated().map { index, name in
            index + 1 == names.count ? name : name.replacing("ˈ", with: "ˌ")
        }.joined()
        return ending.isEmpty ? spelled : spelled + Self.pluralEnding(after: spelled)
    }
}

extension String {
    /// The letters of a word of capitals only, but for a plural or possessive s.
    fileprivate var acronym: String? {
        let core = hasSuffix("'s") && count > 3 ? dropLast(2) : hasSuffix("s") && count > 2 ? dropLast() : self[...]
        return core.count <= 6 && core.allSatisfy(\.isUppercase) ? String(core) : nil
    }

    /// The voice knows the tapped t as T and the glottal stop as t.
    fileprivate var flapped: String { replacing("ɾ", with: "T").replacing("ʔ", with: "t") }
}
