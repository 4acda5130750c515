extension SherpaSynthesizer {
    /// Kokoro's voices for the names of the Realtime API, nearest by ear.
    private static let kokoro = [
        "marin": "af_heart", "cedar": "am_michael", "alloy": "af_alloy", "ash": "am_fenrir", "ballad": "bm_fable",
        "coral": "af_bella", "echo": "am_echo", "sage": "af_sarah", "shimmer": "af_nova", "verse": "am_puck",
    ]

    static func table(_ speakers: [String]) -> VoiceTable {
        VoiceTable(
            entries: speakers.map { VoiceTable.Entry(name: $0, description: description(of: $0)) }, realtime: kokoro)
    }

    /// Kokoro's names begin with the letters of a language and a sex.
    private static func description(of speaker: String) -> String {
        let parts = speaker.split(separator: "_")
        let languages: [Character: String] = [
            "a": "American English", "b": "British English", "e": "Spanish", "f": "French", "h": "Hindi",
            "i": "Italian",
            "j": "Japanese", "p": "Portuguese", "z": "Chinese",
        ]
        guard parts.count == 2, parts[0].count == 2, let first = parts[0].first, let language = languages[first],
            let sex = ["f": "woman", "m": "man"][parts[0].suffix(1)]
        else { return "speaker \(speaker)" }
        return "\(sex), \(language)"
    }
}
