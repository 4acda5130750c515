import SessionEngine
import Testing

@testable import SpeechEngines

@Suite("What a remote voice sends that is no sound") struct BrokenSoundTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let type: String

        init(_ what: String, _ bytes: [UInt8], _ type: String) {
            testDescription = what
            self.bytes = bytes
            self.type = type
        }
    }

    static let refusal = Array(#"{"detail":"Voice 'marin' is not available"}"#.utf8)
    static let sound = SoundBytes.raw([Int16](repeating: 900, count: 480))
    static let zeros = [UInt8](repeating: 0, count: 60)

    static let cases: [Case] = [
        Case("JSON", refusal, "application/json"),
        Case("JSON that is called sound", refusal, "audio/pcm"),
        Case("HTML that is called sound", Array("<html><body>Bad gateway</body></html>".utf8), "audio/wav"),
        Case("words", Array("Internal Server Error".utf8), "text/plain; charset=utf-8"),
        Case("FLAC", Array("fLaC".utf8) + zeros, "audio/flac"),
        Case("MP4", [0, 0, 0, 32] + Array("ftypM4A ".utf8) + zeros, "audio/mp4"),
        Case("an MP3 that is none", [UInt8](repeating: 7, count: 5_000), "audio/mpeg"),
        Case("a WAV that is none", [UInt8](repeating: 7, count: 5_000), "audio/wav"),
        Case("MPEG frames of junk", [0xFF, 0xFB, 0x90, 0] + [UInt8](repeating: 0x55, count: 20_000), "audio/mpeg"),
        Case(
            "an ID3 tag without end",
            Array("ID3".utf8) + [4, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F] + [UInt8](repeating: 1, count: 3 << 20), "audio/mpeg"),
        Case("a WAV of a codec", SoundBytes.wave(tag: 0x55, bits: 16, sound), "audio/wav"),
        Case("a WAV cut in its header", Array(SoundBytes.wave(tag: 1, bits: 16, sound).prefix(30)), "audio/wav"),
        Case("a WAV of no rate", SoundBytes.wave(tag: 1, bits: 16, sound, hertz: 0), "audio/wav"),
        Case("raw sound of a rate that is none", sound, "audio/pcm;rate=1"),
        Case("an Ogg stream of nothing", Array("OggS".utf8) + [0, 2] + zeros, "audio/ogg"),
        Case("nothing", [], "audio/pcm"),
        Case("nothing, as WAV", [], "audio/wav"),
    ]

    @Test("It is a failure and never noise", arguments: cases)
    func noSound(broken: Case) {
        for size in [13, 100_000] {
            let failure = #expect(throws: EngineFailure.self) {
                try SoundBytes.heard(broken.bytes, broken.type, size: size)
            }
            #expect(failure?.code == "engine_unreadable")
        }
    }

    @Test("A page of Ogg Opus with a wrong checksum is a failure")
    func brokenPage() throws {
        var file = try SoundBytes.fixture("tone-24000.opus")
        file[file.count / 2] ^= 0xFF
        #expect(throws: EngineFailure.self) { try SoundBytes.heard(file, "audio/ogg", size: 512) }
    }

    @Test("Speech without end is a failure after ten minutes of it")
    func endless() throws {
        var sound = ReceivedSound(contentType: "audio/pcm")
        let minute = [UInt8](repeating: 1, count: 60 * 48_000)
        for _ in 0..<10 { #expect(try sound.feed(minute).count == 60 * 24_000) }
        #expect(throws: EngineFailure.self) { try sound.feed(minute) }
    }

    @Test(
        "Whatever is changed in a file, reading it ends in sound or in a failure",
        arguments: ["tone-24000.opus", "tone-24000.mp3", "tone-44100-stereo-float.wav"])
    func damage(name: String) throws {
        let file = try SoundBytes.fixture(name)
        var random = SeededGenerator(seed: 1)
        for _ in 0..<300 {
            var damaged = file
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                // Headers are where the numbers are.
                let reach = Bool.random(using: &random) ? 100 : damaged.count
                damaged[Int.random(in: 0..<min(reach, damaged.count), using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random)) }
            _ = try? SoundBytes.heard(damaged, nil, size: Int.random(in: 1...3_000, using: &random))
        }
    }
}
