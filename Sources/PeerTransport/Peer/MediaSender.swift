import AudioPipeline
import Wire

/// The sending half of a call's audio: one frame of the playout queue every 20 ms, as SRTP.
final class MediaSender {
    private let srtp: SRTPContext
    private let audio: AudioSender
    private let playout: PlayoutQueue
    private let payloadType: PayloadType
    private let ssrc: SSRC
    private var sequence: UInt16
    private var timestamp: UInt32

    /// One packet in its slot.
    struct Sent {
        let packet: UnsafeRawBufferPointer
        let payloadBytes: Int
        let timestamp: UInt32
    }

    /// `firstSequence`, `firstTimestamp`: random (RFC 3550 §5.1).
    init(
        srtp: SRTPContext, audio: AudioSender, playout: PlayoutQueue, payloadType: PayloadType, ssrc: SSRC,
        firstSequence: UInt16, firstTimestamp: UInt32
    ) {
        self.srtp = srtp
        self.audio = audio
        self.playout = playout
        self.payloadType = payloadType
        self.ssrc = ssrc
        sequence = firstSequence
        timestamp = firstTimestamp
    }

    /// The packet of this frame, written into `slot`; nil when there is nothing to say.
    func frame(into slot: UnsafeMutableRawBufferPointer, counters: inout PeerCounters) -> Sent? {
        defer { timestamp &+= audio.timestampIncrement }
        let room = UnsafeMutableRawBufferPointer(rebasing: slot[RTPHeader.length..<(slot.count - SRTPContext.overhead)])
        do {
            guard let frame = try audio.frame(from: playout, into: room) else { return nil }
            let header = RTPHeader(
                payloadType: payloadType, marker: frame.startsTalkspurt, sequenceNumber: sequence,
                timestamp: timestamp, ssrc: ssrc)
            try header.write(into: slot)
            sequence &+= 1
            let length = try srtp.protectRTP(slot, length: RTPHeader.length + frame.bytes)
            counters.rtpSent += 1
            counters.encodeNanoseconds = audio.clock.encodeNanoseconds
            return Sent(
                packet: UnsafeRawBufferPointer(rebasing: slot[..<length]), payloadBytes: frame.bytes,
                timestamp: timestamp)
        } catch {
            counters.failedToSend += 1
            return nil
        }
    }

    /// An RTCP compound, protected in `slot`.
    func control(_ packets: [RTCPPacket], into slot: UnsafeMutableRawBufferPointer, counters: inout PeerCounters)
        -> UnsafeRawBufferPointer?
    {
        var bytes: [UInt8] = []
        RTCPPacket.write(packets, into: &bytes)
        guard bytes.count + SRTPContext.overhead <= slot.count else { return nil }
        slot.copyBytes(from: bytes)
        guard let length = try? srtp.protectRTCP(slot, length: bytes.count) else {
            counters.failedToSend += 1
            return nil
        }
        counters.rtcpSent += 1
        return UnsafeRawBufferPointer(rebasing: slot[..<length])
    }
}
