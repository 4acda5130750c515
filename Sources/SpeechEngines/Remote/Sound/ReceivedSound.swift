import AudioPipeline
import SessionEngine

/// Sound as it comes over HTTP, brought to 24 kHz mono: raw PCM, WAV, Ogg Opus or MPEG audio, whatever was asked for.
///
/// What is none of these, or broken, throws; nothing is played that is not known to be sound.
struct ReceivedSound {
    private enum Source {
        case raw(SampleFormat)
        case wave(WAVStream)
        case oggOpus(OggOpusStream)
        case mpeg(MP3Stream)
    }

    static let hertz = 24_000
    /// Ten minutes; a longer clause is a server that does not end.
    private static let maxSamples = 600 * hertz

    private let type: ContentType
    private let rawHertz: Int
    /// Nil until it is known what comes.
    private var source: Source?
    private var held: [UInt8] = []
    private var resampler: (hertz: Int, Resampler)?
    private var sampleCount = 0

    /// - Parameter rawHertz: the rate of raw PCM whose type does not say one.
    init(contentType: String?, rawHertz: Int = hertz) {
        type = ContentType(contentType)
        self.rawHertz = rawHertz
    }

    /// The sound that is whole with these bytes.
    mutating func feed(_ bytes: some Collection<UInt8>) throws(EngineFailure) -> [Int16] {
        held += bytes
        if source == nil {
            guard held.count >= SoundForm.beginningBytes else { return [] }
            source = try makeSource()
        }
        return try counted(read())
    }

    /// What was too short to be told from something else; throws when the sound ended before it began.
    mutating func finish() throws(EngineFailure) -> [Int16] {
        if source == nil, !held.isEmpty { source = try makeSource() }
        let samples = try counted(read())
        switch source {
        case .oggOpus(let stream): try Self.usable(stream.finish)
        case .mpeg(let stream): try Self.usable(stream.finish)
        case .wave(let stream) where !stream.hasBegun: throw WAVHeader.unreadable
        case .raw, .wave, nil: break
        }
        guard sampleCount > 0 else { throw SoundForm.unusable("no sound") }
        return samples
    }

    private func makeSource() throws(EngineFailure) -> Source {
        switch try SoundForm.of(Array(held.prefix(SoundForm.beginningBytes)), type) {
        case .raw:
            let format = SampleFormat(.signed16, channels: type.channels ?? 1, hertz: type.hertz ?? rawHertz)
            guard let format else { throw SoundForm.unusable("raw sound of a rate or with channels that are not read") }
            return .raw(format)
        case .wave: return .wave(WAVStream())
        case .oggOpus: return .oggOpus(OggOpusStream())
        case .mpeg: return .mpeg(try Self.usable { () throws(AudioError) in try MP3Stream() })
        }
    }

    private mutating func read() throws(EngineFailure) -> [Int16] {
        switch source {
        case .raw(let format):
            let whole = held.count / format.frameBytes * format.frameBytes
            defer { held.removeFirst(whole) }
            return try resampled(format.mono(held[..<whole]), from: format.hertz)
        case .wave(var stream):
            let runs = try stream.feed(take())
            source = .wave(stream)
            var samples: [Int16] = []
            for run in runs { samples += try resampled(run.format.mono(run.bytes), from: run.format.hertz) }
            return samples
        case .oggOpus(let stream):
            let bytes = take()
            return try Self.usable { () throws(AudioError) in try stream.feed(bytes) }
        case .mpeg(let stream):
            let bytes = take()
            let runs = try Self.usable { () throws(AudioError) in try stream.feed(bytes) }
            var samples: [Int16] = []
            for run in runs { samples += try resampled(run.samples, from: run.hertz) }
            return samples
        case nil: return []
        }
    }

    private mutating func take() -> [UInt8] {
        defer { held = [] }
        return held
    }

    private mutating func counted(_ samples: [Int16]) throws(EngineFailure) -> [Int16] {
        sampleCount += samples.count
        guard sampleCount <= Self.maxSamples else {
            throw EngineFailure(code: "engine_error", message: "The server of the voice answered without end.")
        }
        return samples
    }

    private mutating func resampled(_ samples: [Int16], from hertz: Int) throws(EngineFailure) -> [Int16] {
        guard hertz != Self.hertz else { return samples }
        let known = resampler
        let fitting = try Self.usable { () throws(AudioError) in
            if let known, known.hertz == hertz { return known.1 }
            return try Resampler(fromHertz: Int32(clamping: hertz), toHertz: Int32(Self.hertz))
        }
        resampler = (hertz, fitting)
        return try Self.usable { () throws(AudioError) in try fitting.resample(samples) }
    }

    private static func usable<Result>(_ body: () throws(AudioError) -> Result) throws(EngineFailure) -> Result {
        do throws(AudioError) {
            return try body()
        } catch {
            guard case .malformed(let what) = error else { throw SoundForm.unusable("sound that cannot be used") }
            throw SoundForm.unusable(what)
        }
    }
}
