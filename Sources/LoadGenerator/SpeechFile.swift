package import AudioPipeline
package import Foundation

/// A WAV file as mono samples.
package enum SpeechFile {
    package enum Failure: Error, Equatable {
        /// Its path.
        case missing(String)
        case notWAV(String)
        /// Only 16-bit PCM, one channel, 8, 16, 24 or 48 kHz.
        case unsupported(String)

        /// For who named the file.
        package var words: String {
            switch self {
            case .missing(let path): "There is no file \(path)."
            case .notWAV(let file): "\(file) is no WAV file."
            case .unsupported(let what):
                "\(what): only 16-bit PCM, mono, 8, 16, 24 or 48 kHz. `ffmpeg -i IN -ac 1 -ar 24000 OUT.wav` makes that."
            }
        }
    }

    /// Reads `url` (RIFF/WAVE, 16-bit PCM mono) and resamples it to `rate`.
    package static func read(_ url: URL, at rate: SampleRate) throws -> [Int16] {
        try read(url, at: rate, channels: 1)
    }

    /// The left channel of a file of two.
    package static func readLeft(_ url: URL, at rate: SampleRate) throws -> [Int16] {
        try read(url, at: rate, channels: 2)
    }

    private static func read(_ url: URL, at rate: SampleRate, channels: Int) throws -> [Int16] {
        guard FileManager.default.fileExists(atPath: url.path) else { throw Failure.missing(url.path) }
        let file = [UInt8](try Data(contentsOf: url))
        let (samples, hertz) = try parse(file, name: url.lastPathComponent, channels: channels)
        guard let source = [SampleRate.hz8000, .hz16000, .hz24000, .hz48000].first(where: { Int($0.hertz) == hertz })
        else { throw Failure.unsupported("\(url.lastPathComponent): \(hertz) Hz") }
        guard source != rate else { return samples }
        let resampler = try Resampler(from: source, to: rate)
        var output = [Int16](repeating: 0, count: resampler.outputCapacity(for: samples.count))
        let count = try samples.withUnsafeBufferPointer { input in
            try output.withUnsafeMutableBufferPointer { try resampler.resample(input, into: $0) }
        }
        return Array(output.prefix(count))
    }

    /// The first channel.
    private static func parse(
        _ file: [UInt8], name: String, channels wanted: Int
    ) throws -> (samples: [Int16], hertz: Int) {
        guard file.count > 12, Array(file[0..<4]) == Array("RIFF".utf8), Array(file[8..<12]) == Array("WAVE".utf8)
        else { throw Failure.notWAV(name) }
        var hertz = 0
        var offset = 12
        while offset + 8 <= file.count {
            let size = little(file, offset + 4, 4)
            let body = (offset + 8)..<min(offset + 8 + size, file.count)
            if file[offset..<(offset + 4)].elementsEqual("fmt ".utf8), body.count >= 16 {
                let (format, channels, bits) = (
                    little(file, body.lowerBound, 2), little(file, body.lowerBound + 2, 2),
                    little(file, body.lowerBound + 14, 2)
                )
                guard format == 1, channels == wanted, bits == 16 else { throw Failure.unsupported(name) }
                hertz = little(file, body.lowerBound + 4, 4)
            } else if file[offset..<(offset + 4)].elementsEqual("data".utf8), hertz > 0 {
                let samples = stride(from: body.lowerBound, to: body.upperBound - 1, by: 2 * wanted).map {
                    Int16(truncatingIfNeeded: little(file, $0, 2))
                }
                return (samples, hertz)
            }
            offset = body.upperBound + size % 2
        }
        throw Failure.notWAV(name)
    }

    private static func little(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
