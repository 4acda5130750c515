import AudioPipeline
import Testing

@testable import SpeechEngines

@Suite("Sound of a remote voice") struct ReceivedSoundTests {
    private static let samples = (0..<480).map { Int16($0 * 50 - 12_000) }

    @Test("Raw PCM passes unchanged, however it was cut", arguments: [1, 2, 3, 100, 960])
    func raw(size: Int) throws {
        var sound = ReceivedSound(contentType: "audio/pcm")
        #expect(try feed(bytes(Self.samples), size, into: &sound) == Self.samples)
    }

    @Test("A WAVE file at 24 kHz is read without its header, also where only its first bytes say that it is one")
    func wave() throws {
        let file = WAVFile.encoded([Self.samples], hertz: 24_000)
        for size in [1, 7, 44, 45, file.count] {
            var sound = ReceivedSound(contentType: "application/octet-stream")
            #expect(try feed(file, size, into: &sound) == Self.samples, "in pieces of \(size)")
        }
    }

    @Test("Another rate is brought to 24 kHz: a second stays a second")
    func resampled() throws {
        var sound = ReceivedSound(contentType: "audio/wav")
        let second = [Int16](repeating: 1000, count: 22_050)
        let heard = try feed(WAVFile.encoded([second], hertz: 22_050), 4_096, into: &sound)
        #expect(abs(heard.count - 24_000) < 30)
        #expect(heard.dropFirst(2_000).dropLast(2_000).allSatisfy { abs(Int($0) - 1000) < 20 })
    }

    @Test("A file that is no 16-bit PCM is refused")
    func compressed() {
        var file = WAVFile.encoded([Self.samples], hertz: 24_000)
        file[20] = 3
        var sound = ReceivedSound(contentType: "audio/wav")
        #expect(throws: (any Error).self) { try sound.feed(file) }
    }

    private func feed(_ bytes: [UInt8], _ size: Int, into sound: inout ReceivedSound) throws -> [Int16] {
        var heard: [Int16] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            heard += try sound.feed(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return heard
    }

    private func bytes(_ samples: [Int16]) -> [UInt8] {
        samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }
}
