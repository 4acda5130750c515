import AudioPipeline
package import Wire

/// A peer's audio as packets instead of sound: nothing is encoded, decoded or buffered. For synthetic peers, of which one
/// process has many.
///
/// Called on the peer's media loop alone.
package protocol PacketAudio: AnyObject, Sendable {
    /// The payload of this 20 ms frame, written to the front of `room`; nil sends nothing and lets the media clock go on.
    func frame(into room: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant) -> PacketAudioFrame?
    /// An authentic packet of the other side; its payload lives through the call.
    func received(_ header: RTPHeader, payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant)
}

/// What a synthetic peer sends in one frame.
package struct PacketAudioFrame: Equatable, Sendable {
    package var bytes: Int
    /// The first after silence: the RTP marker bit (RFC 3551 §4.1).
    package var startsTalkspurt: Bool
    /// Numbered and not sent, as if the network had lost it.
    package var isLost: Bool

    package init(bytes: Int, startsTalkspurt: Bool = false, isLost: Bool = false) {
        self.bytes = bytes
        self.startsTalkspurt = startsTalkspurt
        self.isLost = isLost
    }
}

/// Packets on their way to a synthetic peer: keeps the numbers that reports need.
final class PacketTap {
    private let audio: any PacketAudio
    private var sequences = SequenceUnwrapper()
    private var timestamps = TimestampUnwrapper()

    init(_ audio: any PacketAudio) { self.audio = audio }

    func receive(
        _ header: RTPHeader, _ payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant
    ) -> AudioReceiver.Numbers {
        audio.received(header, payload: payload, now: now)
        return AudioReceiver.Numbers(
            sequence: sequences.unwrap(header.sequenceNumber), timestamp: timestamps.unwrap(header.timestamp))
    }

    /// Another source begins.
    func restart() {
        sequences = SequenceUnwrapper()
        timestamps = TimestampUnwrapper()
    }
}
