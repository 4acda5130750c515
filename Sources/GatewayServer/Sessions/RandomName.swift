/// Names that cannot be guessed: 22 base-62 characters, 130 bits of the system's random number generator.
enum RandomName {
    static let length = 22
    static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func make(prefix: String) -> String {
        var characters: [UInt8] = []
        characters.reserveCapacity(length)
        while characters.count < length {
            // Ten draws of six bits from one number, which is a system call; those beyond the alphabet are drawn again.
            var bits = UInt64.random(in: .min ... .max)
            for _ in 0..<10 where characters.count < length {
                let draw = Int(bits & 63)
                bits >>= 6
                if alphabet.indices.contains(draw) { characters.append(alphabet[draw]) }
            }
        }
        return prefix + String(decoding: characters, as: UTF8.self)
    }
}
