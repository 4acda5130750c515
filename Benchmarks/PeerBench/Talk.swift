import LoadGenerator

/// What users say and when, in rounds.
struct Talk {
    let frames: [[UInt8]]
    let spokenFrames: Int

    var roundSeconds: Double { Double(frames.count) * 0.02 }

    /// `speech`: mono, 24 kHz; the rest of a round is the noise of a quiet room.
    init(_ speech: [Int16], roundFrames: Int) throws {
        let clip = try SpeechClip(speech, says: nil, coder: FrameCoder(.opus))
        let quiet = try SpeechClip.quiet(FrameCoder(.opus))
        spokenFrames = clip.frames.count
        frames = clip.frames + (clip.frames.count..<max(roundFrames, clip.frames.count)).map { quiet[$0 % quiet.count] }
    }

    /// Two and two speak in turn; the pairs are spread over the round, so that the load is even.
    func audio(of call: Int, among calls: Int) -> LoopedAudio {
        let pairs = max(1, calls / 2)
        let offset = frames.count * (call / 2) / pairs + (call.isMultiple(of: 2) ? 0 : frames.count / 2)
        return LoopedAudio(frames, from: offset, spokenFrames: spokenFrames)
    }
}
