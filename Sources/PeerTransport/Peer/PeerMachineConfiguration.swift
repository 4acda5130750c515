package import AudioPipeline
import Wire

/// What a peer machine needs to know, all of it before the first packet.
struct PeerMachineConfiguration {
    /// Ours; the SDP says so (RFC 8841 §5).
    static let sctpPort: UInt16 = 5000

    var certificate: Certificate
    var negotiation: Negotiation
    var audio: AudioSettings
    var playout: PlayoutQueue
    /// In place of sound both ways; nil for every peer but synthetic ones.
    var packets: (any PacketAudio)?
    var ssrc: SSRC
    var cname: String
    var clock: NTPClock
    /// May be those of other machines, too, if each is drained before another is told anything.
    var slots = PacketSlots()
    /// For sequence numbers, timestamps and report intervals.
    var seed: UInt64

    /// Both directions of the audio under the keys of the handshake; nil for a call without audio.
    func makeMedia(keys: KeyingMaterial?, generator: inout SeededGenerator) throws(PeerCloseReason) -> SecureMedia? {
        guard let audio = negotiation.audio else { return nil }
        guard let keys else { throw .noSRTPProfile }
        do {
            let role = negotiation.dtlsRole
            let coding = encoder(for: audio)
            let receiver = MediaReceiver(
                srtp: try SRTPContext(keys, role: role, inbound: true),
                codec: audio.codec, rate: self.audio.rate,
                payloadType: audio.payloadType, redundancyType: audio.redundancyType, packets: packets)
            let sender = MediaSender(
                srtp: try SRTPContext(keys, role: role, inbound: false),
                audio: AudioSender(codec: audio.codec, rate: self.audio.rate, encoder: coding),
                playout: playout, payloadType: audio.payloadType, redundancyType: audio.redundancyType,
                response: LossResponse(coding), ssrc: ssrc,
                firstSequence: .random(in: 0...0x7FFF, using: &generator),
                firstTimestamp: .random(in: 0...UInt32.max, using: &generator), packets: packets)
            return SecureMedia(receiver: receiver, sender: sender, receives: audio.receives, sends: audio.sends)
        } catch {
            throw .internalError(String(describing: error))
        }
    }

    /// Ours, as far as the peer makes use of it (RFC 7587 §6.1).
    private func encoder(for negotiated: AudioNegotiation) -> OpusEncoderSettings {
        var settings = audio.encoder
        settings.inBandFEC = settings.inBandFEC && negotiated.peerUsesFEC
        if let limit = negotiated.peerMaxAverageBitrate {
            // What Opus can do (RFC 6716 §2.1.1).
            settings.bitrateBps = min(settings.bitrateBps, Int32(clamping: max(6_000, limit)))
        }
        return settings
    }
}

extension PeerCloseReason: Error {}

/// How a peer's audio is decoded and encoded.
package struct AudioSettings: Sendable {
    /// Of the PCM on both sides of the session.
    package var rate: SampleRate
    package var encoder: OpusEncoderSettings

    package init(rate: SampleRate, encoder: OpusEncoderSettings) {
        self.rate = rate
        self.encoder = encoder
    }
}
