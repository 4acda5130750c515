import AudioPipeline
import Testing

@testable import SpeechEngines

@Suite("Sound of a remote voice") struct ReceivedSoundTests {
    private static let samples = (0..<480).map { Int16($0 * 50 - 12_000) }

    // MARK: Raw

    @Test("Raw PCM passes unchanged, however it was cut", arguments: [1, 2, 3, 100, 960])
    func raw(size: Int) throws {
        #expect(try SoundBytes.heard(SoundBytes.raw(Self.samples), "audio/pcm", size: size) == Self.samples)
    }

    @Test("Less than a header of raw PCM is sound as well")
    func short() throws {
        #expect(try SoundBytes.heard(SoundBytes.raw([1, 2, 3]), "audio/pcm", size: 6) == [1, 2, 3])
    }

    @Test(
        "Raw PCM of another rate is brought to 24 kHz, by its type or by what the configuration says of the server",
        arguments: [("audio/L16; rate=16000; channels=1", 24_000), ("audio/pcm", 16_000), ("", 16_000)])
    func rawRate(type: String, configured: Int) throws {
        var sound = ReceivedSound(contentType: type, rawHertz: configured)
        let count = try sound.feed(SoundBytes.raw([Int16](repeating: 900, count: 16_000))).count
        #expect(try abs(count + sound.finish().count - 24_000) < 30)
    }

    @Test("Of raw PCM of two channels the mean is heard")
    func rawStereo() throws {
        #expect(
            try SoundBytes.heard(SoundBytes.raw([100, 300, -50, -150]), "audio/L16;channels=2", size: 8) == [200, -100])
    }

    @Test("The half of a sample at the end is left out")
    func odd() throws {
        #expect(try SoundBytes.heard(SoundBytes.raw(Self.samples) + [1], "audio/pcm", size: 100) == Self.samples)
    }

    @Test("A loud first sample that looks like MPEG audio is raw PCM where the server says so")
    func loud() throws {
        let samples = [Int16](repeating: Int16(bitPattern: 0xF3FF), count: 100)
        #expect(try SoundBytes.heard(SoundBytes.raw(samples), "audio/pcm", size: 200) == samples)
    }

    // MARK: WAV

    @Test(
        "A WAVE file at 24 kHz is read without its header, whatever it is called",
        arguments: ["audio/wav", "audio/pcm", "application/octet-stream", "audio/mpeg"])
    func wave(type: String) throws {
        let file = WAVFile.encoded([Self.samples], hertz: 24_000)
        for size in [1, 7, 44, 45, file.count] {
            #expect(try SoundBytes.heard(file, type, size: size) == Self.samples, "in pieces of \(size)")
        }
    }

    @Test("Another rate is brought to 24 kHz: a second stays a second")
    func resampled() throws {
        let second = [Int16](repeating: 1000, count: 22_050)
        let heard = try SoundBytes.heard(WAVFile.encoded([second], hertz: 22_050), "audio/wav", size: 4_096)
        #expect(abs(heard.count - 24_000) < 30)
        #expect(heard.dropFirst(2_000).dropLast(2_000).allSatisfy { abs(Int($0) - 1000) < 20 })
    }

    @Test("Samples of every usual width are read", arguments: [(1, 8), (1, 24), (1, 32), (3, 32), (3, 64)])
    func widths(tag: Int, bits: Int) throws {
        let wanted = Self.samples.map { $0 & ~0xFF }
        let body = wanted.flatMap { SoundBytes.coded($0, tag, bits) }
        let heard = try SoundBytes.heard(SoundBytes.wave(tag: tag, bits: bits, body), "audio/wav", size: 100)
        #expect(heard == wanted)
    }

    @Test("A length that is not true is not believed", arguments: [0, 0xFFFF_FFFF, 0x7FFF_FFFF, 100, 5_000])
    func untrueLength(length: Int) throws {
        let file = SoundBytes.wave(tag: 1, bits: 16, SoundBytes.raw(Self.samples), length: length)
        #expect(try SoundBytes.heard(file, "audio/wav", size: 64) == Self.samples)
    }

    @Test("Chunks behind the samples are no sound, and a second file behind them is")
    func chunks() throws {
        let file = WAVFile.encoded([Self.samples], hertz: 24_000)
        let list = Array("LIST".utf8) + [5, 0, 0, 0] + Array("INFOx".utf8) + [0]
        for size in [1, 33, 4_096] {
            #expect(try SoundBytes.heard(file + list, "audio/wav", size: size) == Self.samples)
            #expect(try SoundBytes.heard(file + list + file, "audio/wav", size: size) == Self.samples + Self.samples)
            #expect(try SoundBytes.heard(file + file, "audio/wav", size: size) == Self.samples + Self.samples)
        }
    }

    // MARK: Compressed

    @Test(
        "Ogg Opus, MP3 and WAV of floats as an encoder makes them are the tone that went in, and as long",
        arguments: [
            ("tone-24000.opus", 0.5), ("tone-48000-stereo.opus", 0.5), ("tone-24000.mp3", 0.5),
            ("tone-44100-stereo.mp3", 0.5), ("tone-44100-stereo-float.wav", 0.1),
        ])
    func compressed(name: String, seconds: Double) throws {
        let file = try SoundBytes.fixture(name)
        // Nothing is said of what comes: the first bytes tell.
        for (size, type) in [(1, nil), (700, "application/octet-stream"), (file.count, "audio/\(name)")] {
            let heard = try SoundBytes.heard(file, type, size: size)
            // Encoders of MPEG audio fill up with silence of up to two frames.
            #expect(
                abs(Double(heard.count) / 24_000 - seconds) < (name.hasSuffix("mp3") ? 0.12 : 0.005), "\(heard.count)")
            let middle = heard.dropFirst(heard.count / 4).prefix(heard.count / 2)
            let crossings = zip(middle, middle.dropFirst()).count { $0 < 0 && $1 >= 0 }
            let frequency = Double(crossings) / (Double(middle.count) / 24_000)
            #expect(abs(frequency - 500) < 25, "\(frequency)")
            #expect((12_000...20_000).contains(middle.max() ?? 0), "\(middle.max() ?? 0)")
        }
    }

    @Test("Files of Ogg Opus one behind the other, as for sentences, are one sound")
    func chained() throws {
        let file = try SoundBytes.fixture("tone-24000.opus")
        let once = try SoundBytes.heard(file, "audio/ogg", size: 512)
        #expect(try SoundBytes.heard(file + file, "audio/ogg", size: 512) == once + once)
    }
}
