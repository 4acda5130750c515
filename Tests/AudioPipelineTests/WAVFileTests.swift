import AudioPipeline
import Testing

@Suite("WAV files") struct WAVFileTests {
    @Test("A stereo file holds both sides on one clock, the shorter one silent at its end")
    func stereo() {
        let bytes = WAVFile.encoded([[1, 2], [-1, -2, -3]], hertz: 24_000)
        #expect(bytes.count == 44 + 12 && bytes[22] == 2)
        #expect(Array(bytes[44...]) == [1, 0, 255, 255, 2, 0, 254, 255, 0, 0, 253, 255])
    }

    @Test("A mono file has a header of 44 bytes with rate and length")
    func mono() {
        let bytes = WAVFile.encoded([[256]], hertz: 16_000)
        #expect(Array(bytes[..<4]) == Array("RIFF".utf8) && Array(bytes[4..<8]) == [38, 0, 0, 0])
        #expect(Array(bytes[24..<28]) == [0x80, 0x3E, 0, 0] && Array(bytes[40...]) == [2, 0, 0, 0, 0, 1])
    }
}
