import AudioPipeline
import Wire

/// The sending half of a call's audio: one frame of the playout queue every 20 ms, as SRTP.
final class MediaSender {
    private let srtp: SRTPContext
    private let audio: AudioSender
    private let playout: PlayoutQueue
    /// Instead of the playout queue's sound.
    private let packets: (any PacketAudio)?
    private let payloadType: PayloadType
    /// Of packets with earlier payloads in them; nil where the peer takes none.
    private let redundancyType: PayloadType?
    private let redundancy = RedundancyWriter()
    /// From the first request of a peer on: most never ask.
    private var kept: KeptPackets?
    private var response: LossResponse
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
        srtp: SRTPContext, audio: AudioSender, playout: PlayoutQueue, payloadType: PayloadType,
        redundancyType: PayloadType?, response: LossResponse, ssrc: SSRC, firstSequence: UInt16, firstTimestamp: UInt32,
        packets: (any PacketAudio)? = nil
    ) {
        self.srtp = srtp
        self.audio = audio
        self.playout = playout
        self.payloadType = payloadType
        self.redundancyType = redundancyType
        self.response = response
        self.ssrc = ssrc
        self.packets = packets
        sequence = firstSequence
        timestamp = firstTimestamp
    }

    /// The packet of this frame, written into `slot`; nil when there is nothing to say.
    func frame(
        into slot: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant, counters: inout PeerCounters
    ) -> Sent? {
        defer { timestamp &+= audio.timestampIncrement }
        let room = UnsafeMutableRawBufferPointer(rebasing: slot[RTPHeader.length..<(slot.count - SRTPContext.overhead)])
        do {
            guard let frame = try next(into: room, now: now) else { return nil }
            let (type, bytes) = repeating(frame.bytes, in: room)
            let header = RTPHeader(
                payloadType: type, marker: frame.startsTalkspurt, sequenceNumber: sequence,
                timestamp: timestamp, ssrc: ssrc)
            try header.write(into: slot)
            sequence &+= 1
            if frame.isLost { return nil }
            let length = try srtp.protectRTP(slot, length: RTPHeader.length + bytes)
            counters.rtpSent += 1
            counters.encodeNanoseconds = audio.clock.encodeNanoseconds
            let packet = UnsafeRawBufferPointer(rebasing: slot[..<length])
            kept?.keep(packet, sequence: header.sequenceNumber)
            return Sent(packet: packet, payloadBytes: bytes, timestamp: timestamp)
        } catch {
            counters.failedToSend += 1
            return nil
        }
    }

    private func next(
        into room: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant
    ) throws(AudioError) -> PacketAudioFrame? {
        if let packets { return packets.frame(into: room, now: now) }
        return try audio.frame(from: playout, into: room).map {
            PacketAudioFrame(bytes: $0.bytes, startsTalkspurt: $0.startsTalkspurt)
        }
    }

    /// The packet that the peer asks for once more, as it was sent; nil when it is not at hand, or went often enough. Valid until
    /// the next frame.
    func kept(_ sequence: UInt16, now: ContinuousClock.Instant) -> UnsafeRawBufferPointer? {
        guard let kept else {
            kept = KeptPackets()
            return nil
        }
        return kept.packet(sequence, now: now)
    }

    /// What the peer reports of this stream.
    func respond(to report: RTPReports.Remote) {
        let before = response.plan
        response.report(fractionLost: report.fractionLost, roundTrip: report.roundTrip)
        // libopus takes every rate and share that a plan can have.
        if response.plan != before { try? audio.follow(response.plan) }
    }

    /// The thread that encodes has time for so much, which libopus takes at any time.
    func limit(_ effort: EncoderEffort) { try? audio.limit(effort) }

    /// The payload in `room` with earlier ones before it, where that is called for and agreed on.
    private func repeating(_ bytes: Int, in room: UnsafeMutableRawBufferPointer) -> (PayloadType, Int) {
        guard let redundancyType else { return (payloadType, bytes) }
        let whole = redundancy.write(
            bytes, timestamp: timestamp, payloadType: payloadType, depth: response.plan.redundancy, into: room)
        return whole.map { (redundancyType, $0) } ?? (payloadType, bytes)
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
