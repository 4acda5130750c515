/// One encoded frame for the wire.
package struct SentFrame: Equatable, Sendable {
    /// Length of the payload.
    package var bytes: Int
    /// The first after silence: the RTP marker bit (RFC 3551 §4.1).
    package var startsTalkspurt: Bool
    package var generation: Generation
    /// Samples of that generation in the frame, at the queue's rate; padding is not counted.
    package var playedSamples: Int
}
