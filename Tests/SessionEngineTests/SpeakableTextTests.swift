import Testing

@testable import SessionEngine

@Suite("What can be spoken of a text")
struct SpeakableTextTests {
    private func said(of text: String, piece: Int) -> String {
        var speakable = SpeakableText()
        var said = ""
        var rest = Substring(text)
        while !rest.isEmpty {
            said += speakable.append(String(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        return said + speakable.finish()
    }

    private static let texts: [(String, String)] = [
        ("Plain words, and 3.50 - no marks!", "Plain words, and 3.50 - no marks!"),
        ("- Bread\n- Milk\n  * Eggs\n1. Wash", "Bread\nMilk\nEggs\n1. Wash"),
        ("# Title\n## Part\n> He said", "Title\nPart\nHe said"),
        ("**Bold**, *soft*, _soft_, ***both*** and ~~gone~~.", "Bold, soft, soft, both and gone."),
        ("snake_case, 2*3, 2 * 3, ~5 and #1", "snake_case, 2*3, 2 * 3, ~5 and #1"),
        ("Say `let x = 5` now.", "Say let x = 5 now."),
        ("Like this:\n```swift\nlet  x = a*b*c\n```\nDone.", "Like this:\nlet  x = a*b*c\nDone."),
        ("See [the **big** page](https://example.com/a?b=1) first.", "See the big page first."),
        ("![A cat](cat.png) and [1] and [x] (y)", "A cat and [1] and [x] (y)"),
        ("<b>bold</b> and <br/>1 < 2, a<b, <https://example.com>", "bold and 1 < 2, a<b, https://example.com"),
        ("Great 🎉 news! 👍🏽 ❤️ 🇫🇷 5️⃣ apples 👩‍💻.", "Great news! 5 apples ."),
        ("One\n---\nTwo\n***\nThree", "One\nTwo\nThree"),
        ("你好，*世界*。", "你好，世界。"),
        ("Unfinished [link", "Unfinished [link"),
        ("Unfinished **bold", "Unfinished bold"),
        ("```\ncode", "code"),
        ("🙂", ""),
        ("", ""),
    ]

    @Test("Marks, addresses and emoji go, the words stay", arguments: texts)
    func marks(_ text: String, _ expected: String) {
        #expect(said(of: text, piece: .max) == expected)
    }

    @Test("How the tokens fall makes no difference", arguments: [1, 2, 3, 5])
    func pieces(_ piece: Int) {
        for (text, expected) in Self.texts { #expect(said(of: text, piece: piece) == expected) }
    }

    @Test("Plain text is said as it comes, and a mark holds back no more than a line of 400")
    func promptness() {
        var speakable = SpeakableText()
        #expect(speakable.append("Well, I ") == "Well, I ")
        #expect(speakable.append("think so") == "think so")
        #expect(speakable.append("[") == "")
        #expect(speakable.append(String(repeating: "a", count: 400)).count == 401)
    }
}
