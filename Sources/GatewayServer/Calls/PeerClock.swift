import PeerTransport
import SpeechEngines

/// Time as a peer's media loop tells it: with the frames of the call, without a timer.
struct PeerClock: MonotonicClock {
    let peer: PeerConnection

    var now: ContinuousClock.Instant { .now }
    /// A frame.
    var minimumResolution: Duration { .milliseconds(20) }

    /// Throws once the call has ended, too.
    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try await peer.sleep(until: deadline)
    }
}
