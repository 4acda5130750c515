import LoadGenerator
import PeerTransport

/// What users say and when, in rounds: they speak 40 % of the time, and an answer lasts 40 %.
struct Talk {
    /// 3.1 s of words, 0.8 s until the answer, 3.3 s of it, and 0.6 s of thought.
    private static let roundFrames = 390

    let frames: [[UInt8]]
    let spokenFrames: Int

    private var roundSeconds: Double { Double(frames.count) * 0.02 }

    /// `speech`: mono, 24 kHz; the rest of a round is the noise of a quiet room.
    init(_ speech: [Int16]) throws {
        let clip = try SpeechClip(speech, says: nil, coder: FrameCoder(.opus))
        let quiet = try SpeechClip.quiet(FrameCoder(.opus))
        spokenFrames = clip.frames.count
        frames =
            clip.frames + (clip.frames.count..<max(Self.roundFrames, clip.frames.count)).map { quiet[$0 % quiet.count] }
    }

    /// Two and two speak in turn; the pairs are spread over the round, so that the load is even.
    func audio(of call: Int, among calls: Int) -> LoopedAudio {
        let pairs = max(1, calls / 2)
        let offset = frames.count * (call / 2) / pairs + (call.isMultiple(of: 2) ? 0 : frames.count / 2)
        return LoopedAudio(frames, from: offset, spokenFrames: spokenFrames)
    }

    /// A window of calls to one server. One round passes until everybody has been answered; then each is at its own place in one.
    ///
    /// - Parameters:
    ///   - isRoom: it has no events: those in a room hear each other.
    ///   - listens: it hears the end of words by itself.
    func figures(
        of server: RivalServer, _ endpoint: PeerEndpoint, isRoom: Bool, listens: Bool = true
    ) async throws -> CallWindow.Figures {
        let window = CallWindow(endpoint: endpoint, warmUp: roundSeconds, seconds: roundSeconds)
        return try await window.figures(
            of: server, data: !isRoom, leastHeard: 0.3, audio: { audio(of: $0, among: server.calls) },
            begun: { connection, audio in
                guard !isRoom else { return }
                await ConversationEvents(connection: connection, audio: audio, listens: listens).run()
            })
    }
}
