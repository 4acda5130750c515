/// Letters and digits that nobody can guess.
package enum RandomLetters {
    package static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// So many, each with 5.95 bits of the system's random number generator.
    package static func draw(_ count: Int) -> String {
        var letters: [UInt8] = []
        letters.reserveCapacity(count)
        while letters.count < count {
            // Ten draws of six bits from one number, which is a system call; those beyond the alphabet are drawn again.
            var bits = UInt64.random(in: .min ... .max)
            for _ in 0..<10 where letters.count < count {
                let draw = Int(bits & 63)
                bits >>= 6
                if alphabet.indices.contains(draw) { letters.append(alphabet[draw]) }
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
