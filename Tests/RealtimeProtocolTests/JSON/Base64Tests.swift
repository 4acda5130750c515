import RealtimeProtocol
import Testing

@Suite("Base64")
struct Base64Tests {
    private func encoded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        bytes.withUnsafeBufferPointer { Base64.encode($0, into: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    @Test(
        "The vectors of RFC 4648 section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(_ text: String, _ base64: String) {
        #expect(encoded(Array(text.utf8)) == base64)
        #expect(Base64.decode(base64.utf8) == Array(text.utf8))
    }

    @Test("Every byte in every place goes both ways, at every length up to 300")
    func everyByte() {
        for count in 0...300 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ count) }
            #expect(Base64.decode(encoded(bytes).utf8) == bytes)
        }
    }

    @Test(
        "What is not base64 to the letter is refused",
        arguments: [
            "Z", "Zg", "Zg=", "Zm9", "Zm9v=", "Zg==Zg==", "Zg=g", "=Zg=", "====", "Z===", "Zm9v\n", "Zm 9v", "Zm9-",
            "Zm9_", "Zm9vZh==", "Zm9=", "Zm9v====", "Zm9vZ===", "\u{0}AAA", "éAA", "Zm=v", "Zm9vZ=9v",
        ])
    func refuses(_ text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }

    @Test("No byte outside the alphabet is taken, in any place of a group, at the start or the end of a text")
    func alphabet() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for byte in UInt8.min...UInt8.max where !alphabet.contains(byte) {
            for place in 0..<36 where !(byte == UInt8(ascii: "=") && place == 35) {
                var text = [UInt8](repeating: UInt8(ascii: "A"), count: 36)
                text[place] = byte
                #expect(Base64.decode(text) == nil, "\(byte) at \(place)")
            }
        }
    }
}
