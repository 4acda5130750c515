import Foundation
import Testing

@testable import SpeechEngines

/// Sound as servers send it, and what is heard of it.
enum SoundBytes {
    /// What is heard of bytes that come in pieces of `size`.
    static func heard(_ bytes: [UInt8], _ type: String?, size: Int) throws -> [Int16] {
        var sound = ReceivedSound(contentType: type)
        var heard: [Int16] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            heard += try sound.feed(bytes[start..<min(start + size, bytes.count)])
        }
        return try heard + sound.finish()
    }

    /// A file of Fixtures/sound.
    static func fixture(_ name: String) throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures/sound"))
        return try Array(Data(contentsOf: url))
    }

    static func raw(_ samples: [Int16]) -> [UInt8] { samples.flatMap { little(Int($0), 2) } }

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A sample in the encoding of a WAVE file.
    static func coded(_ sample: Int16, _ tag: Int, _ bits: Int) -> [UInt8] {
        switch (tag, bits) {
        case (1, 8): [UInt8(Int(sample >> 8) + 128)]
        case (1, _): little(Int(sample) << (bits - 16), bits / 8)
        case (_, 32): little(Int((Float(sample) / 32_768).bitPattern), 4)
        default: little(Int(truncatingIfNeeded: (Double(sample) / 32_768).bitPattern), 8)
        }
    }

    /// A WAVE file of one channel.
    static func wave(tag: Int, bits: Int, _ body: [UInt8], length: Int? = nil, hertz: Int = 24_000) -> [UInt8] {
        var file = Array("RIFF".utf8) + little(36 + body.count, 4)
        file += Array("WAVEfmt ".utf8) + little(16, 4) + little(tag, 2) + little(1, 2)
        file += little(hertz, 4) + little(hertz * bits / 8, 4) + little(bits / 8, 2) + little(bits, 2)
        return file + Array("data".utf8) + little(length ?? body.count, 4) + body
    }
}

/// Numbers that are the same in every run (SplitMix64, Steele, Lea and Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
