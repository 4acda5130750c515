import AudioPipeline
import Foundation

/// A WAV file of two sides (client left, server right; 16 bits, 24 kHz) that changes anywhere, and is whole after each change.
///
/// Not Sendable: used on one queue.
struct SoundFile {
    private static let frameBytes = 4
    static let hertz = 24_000

    private let handle: FileHandle
    private var frames = 0
    private var headerFrames: Int?

    /// - Parameter handle: of an empty file, for reading and writing.
    init(_ handle: FileHandle) { self.handle = handle }

    /// What lies between the end and a later beginning is silent, and takes no room on the disk.
    mutating func make(_ change: RecordedSound.Change) throws {
        switch change {
        case .sound(let side, let start, let samples):
            try write(side, at: start, samples.count) { samples[$0] }
        case .silence(let side, let range):
            try write(side, at: range.lowerBound, min(range.upperBound, frames) - range.lowerBound) { _ in 0 }
        }
    }

    /// Says in the header how long the file is.
    mutating func settle() throws {
        guard headerFrames != frames else { return }
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: WAVFile.header(frames: frames, channels: 2, hertz: Self.hertz))
        headerFrames = frames
    }

    func close() { try? handle.close() }

    private mutating func write(
        _ side: RecordedSound.Side, at start: Int, _ count: Int, _ sample: (Int) -> Int16
    ) throws {
        guard count > 0 else { return }
        let offset = UInt64(WAVFile.headerBytes + start * Self.frameBytes)
        var bytes = try existing(start, count, offset)
        for index in 0..<count {
            let value = UInt16(bitPattern: sample(index))
            let place = index * Self.frameBytes + side.rawValue * 2
            bytes[place] = UInt8(truncatingIfNeeded: value)
            bytes[place + 1] = UInt8(truncatingIfNeeded: value >> 8)
        }
        try handle.seek(toOffset: offset)
        try handle.write(contentsOf: bytes)
        frames = max(frames, start + count)
    }

    /// The frames that are there, with silence after the end.
    private func existing(_ start: Int, _ count: Int, _ offset: UInt64) throws -> [UInt8] {
        var bytes: [UInt8] = []
        if start < frames {
            try handle.seek(toOffset: offset)
            bytes = try handle.read(upToCount: min(count, frames - start) * Self.frameBytes).map(Array.init) ?? []
        }
        return bytes + [UInt8](repeating: 0, count: count * Self.frameBytes - bytes.count)
    }
}
