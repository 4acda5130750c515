/// Kokoro's American phonemes as eSpeak NG writes them, which Piper's voices were trained on.
enum EspeakPhonemes {
    private static let symbols: [Character: String] = [
        "A": "eɪ", "I": "aɪ", "W": "aʊ", "Y": "ɔɪ", "O": "oʊ", "Q": "əʊ", "ᵊ": "ə", "ʤ": "dʒ", "ʧ": "tʃ", "T": "ɾ",
        "i": "iː", "u": "uː", "ɑ": "ɑː", "ɔ": "ɔː",
    ]

    static func phonemes(_ kokoro: String) -> String {
        var result = ""
        var rest = Substring(kokoro)
        while let first = rest.first {
            rest.removeFirst()
            // Vowels that eSpeak writes as one with the r after them.
            if rest.first == "ɹ", first == "ɜ" || first == "ə" {
                rest.removeFirst()
                result += first == "ɜ" ? "ɜː" : "ɚ"
            } else {
                result += symbols[first] ?? String(first)
            }
        }
        return result
    }
}
