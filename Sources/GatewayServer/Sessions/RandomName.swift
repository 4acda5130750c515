/// Names that cannot be guessed: 22 base-62 characters, 130 bits of the system's random number generator.
enum RandomName {
    static let length = 22
    static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func make(prefix: String) -> String {
        let characters = (0..<length).map { _ in alphabet[Int.random(in: alphabet.indices)] }
        return prefix + String(decoding: characters, as: UTF8.self)
    }
}
