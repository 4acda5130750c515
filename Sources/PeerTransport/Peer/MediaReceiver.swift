import AudioPipeline
import Wire

/// The receiving half of a call's audio: SRTP off, one source at a time, into the jitter buffer and decoder, which are made with the
/// first packet.
final class MediaReceiver {
    /// How often a peer may change its source; more looks like an attack and is dropped.
    static let maxSourceChanges = 32

    private let srtp: SRTPContext
    private let codec: AudioCodec
    private let rate: SampleRate
    /// Nil before the first packet, and for a peer that takes packets.
    private var audio: AudioReceiver?
    private let payloadType: PayloadType
    /// Of packets that carry earlier payloads too (RFC 2198); nil where they were not agreed on.
    private let redundancyType: PayloadType?
    /// Of a peer that takes packets instead of sound.
    private let tap: PacketTap?
    private var source: SSRC?
    private var sourceChanges = 0

    /// One accepted packet, for the receiver report.
    struct Received {
        let source: SSRC
        let sequence: Int64
        let timestamp: Int64
        /// Asked for, and not what the network brought by itself.
        let isRepair: Bool
    }

    init(
        srtp: SRTPContext, codec: AudioCodec, rate: SampleRate, payloadType: PayloadType, redundancyType: PayloadType?,
        packets: (any PacketAudio)? = nil
    ) {
        self.srtp = srtp
        self.codec = codec
        self.rate = rate
        self.payloadType = payloadType
        self.redundancyType = redundancyType
        tap = packets.map(PacketTap.init)
    }

    /// One SRTP packet, decrypted in place. Every drop is counted; nil when it was dropped.
    func receive(
        _ packet: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant, counters: inout PeerCounters
    ) -> Received? {
        guard let (header, payload) = unprotect(packet, counters: &counters) else { return nil }
        var redundant: RedundantPayload?
        if let redundancyType, header.payloadType == redundancyType {
            redundant = try? RedundantPayload(parsing: payload)
        }
        guard (redundant?.payloadType ?? header.payloadType) == payloadType else {
            counters.droppedPayloadType += 1
            return nil
        }
        if source != header.ssrc { change(to: header.ssrc, now: now, counters: &counters) }
        counters.rtpReceived += 1
        guard let numbers = hear(header, payload, redundant, now: now) else {
            counters.undecodable += 1
            return nil
        }
        return Received(
            source: header.ssrc, sequence: numbers.sequence, timestamp: numbers.timestamp, isRepair: numbers.isRepair)
    }

    private func hear(
        _ header: RTPHeader, _ payload: UnsafeRawBufferPointer, _ redundant: RedundantPayload?,
        now: ContinuousClock.Instant
    ) -> AudioReceiver.Numbers? {
        if let tap { return tap.receive(header, redundant?.payload ?? payload, now: now) }
        guard let audio = try? readyAudio() else { return nil }
        guard let redundant else {
            return audio.receive(
                sequence: header.sequenceNumber, timestamp: header.timestamp, payload: payload, now: now)
        }
        return audio.receive(
            sequence: header.sequenceNumber, timestamp: header.timestamp, redundant: redundant, of: payloadType,
            now: now)
    }

    /// One SRTCP compound, decrypted in place and parsed.
    func receiveControl(_ packet: UnsafeMutableRawBufferPointer, counters: inout PeerCounters) -> [RTCPPacket] {
        do {
            let length = try srtp.unprotectRTCP(packet)
            counters.rtcpReceived += 1
            return try RTCPPacket.parseCompound(UnsafeRawBufferPointer(rebasing: packet[..<length]))
        } catch {
            counters.count(error)
            return []
        }
    }

    func poll(now: ContinuousClock.Instant) -> PCMBlock? { audio?.poll(now: now) }

    /// The packets to ask the peer for at `now`; nil when there are none, which is nearly always.
    func requests(from sender: SSRC, now: ContinuousClock.Instant) -> GenericNack? {
        guard let source, let audio else { return nil }
        let sequences = audio.requestsDue(now: now)
        return sequences.isEmpty ? nil : GenericNack(sender: sender, source: source, sequences: sequences)
    }

    /// Whether `ssrc` is the source that is heard now.
    func isCurrent(_ ssrc: SSRC) -> Bool { ssrc == source }

    /// Takes over what the audio side has counted.
    func copyCounters(into counters: inout PeerCounters) {
        guard let audio else { return }
        counters.droppedLate = Int(clamping: audio.counters.late)
        counters.droppedAhead = Int(clamping: audio.counters.ahead)
        counters.droppedDuplicate = Int(clamping: audio.counters.duplicates)
        counters.restoredPackets = Int(clamping: audio.counters.restored)
        counters.requestedPackets = Int(clamping: audio.counters.requested)
        counters.repairedPackets = Int(clamping: audio.counters.repaired)
        counters.lostPackets = Int(clamping: audio.counters.lost)
        counters.concealedSamples = Int(clamping: audio.counters.concealedSamples)
        counters.undecodable = Int(clamping: audio.counters.undecodable)
        counters.holdTimes = audio.holdTimes
        counters.decodeNanoseconds = audio.clock.decodeNanoseconds
    }

    private func readyAudio() throws(AudioError) -> AudioReceiver {
        if let audio { return audio }
        let made = try AudioReceiver(codec: codec, rate: rate)
        audio = made
        return made
    }

    private func unprotect(
        _ packet: UnsafeMutableRawBufferPointer, counters: inout PeerCounters
    ) -> (RTPHeader, UnsafeRawBufferPointer)? {
        do {
            let claimed = try RTPHeader.source(of: UnsafeRawBufferPointer(packet))
            guard source == nil || claimed == source || sourceChanges < Self.maxSourceChanges else {
                counters.droppedSource += 1
                return nil
            }
            let length = try srtp.unprotectRTP(packet)
            let plain = UnsafeRawBufferPointer(rebasing: packet[..<length])
            let (header, payload) = try RTPHeader.parse(plain)
            return (header, UnsafeRawBufferPointer(rebasing: plain[payload]))
        } catch {
            counters.count(error)
            return nil
        }
    }

    private func change(to ssrc: SSRC, now: ContinuousClock.Instant, counters: inout PeerCounters) {
        if source != nil {
            sourceChanges += 1
            counters.sourceChanges += 1
            audio?.restart(now: now)
            tap?.restart()
        }
        source = ssrc
    }
}

extension PeerCounters {
    /// Counts a packet that was dropped for `error`.
    mutating func count(_ error: any Error) {
        switch error as? SRTPError {
        case .replayed: droppedReplayed += 1
        case .unauthenticated: droppedUnauthenticated += 1
        case .tooManySources: droppedSource += 1
        case .malformed, .exhausted, .cipher, nil: droppedMalformed += 1
        }
    }
}
