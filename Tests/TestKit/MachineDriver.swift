package import AudioPipeline
package import Wire

@testable package import PeerTransport

/// One PeerMachine with everything it said, for tests on virtual time.
package final class MachineDriver {
    package let name: String
    package let playout: PlayoutQueue
    package let association: AssociationID?
    package private(set) var machine: PeerMachine
    package private(set) var blocks: [PCMBlock] = []
    package private(set) var channels: [DataChannel] = []
    package private(set) var messages: [DataChannelMessage] = []
    package private(set) var closedChannels: [UInt16] = []
    package private(set) var sendFailures: [DataChannelError] = []
    package private(set) var establishedAt: ContinuousClock.Instant?
    package private(set) var closed: PeerCloseReason?
    /// Of the first chunk in the SCTP packet sent last (RFC 9260 §3.2).
    package var lastChunkType: UInt8?
    /// Datagrams and SCTP requests that came out and were not fetched yet.
    package var transmitted: [[UInt8]] = []
    package var requests: [SCTPRequest] = []
    /// Datagrams that came and were not read, as the machine wants none.
    package private(set) var unread: [[UInt8]] = []
    /// Datagrams that found `socketDatagrams` unread.
    package private(set) var dropped = 0
    private var isPaused = false
    /// What the kernel keeps of small ones at its usual 208 KiB.
    package static let socketDatagrams = 256

    package init(
        _ name: String, certificate: Certificate, negotiation: Negotiation, association: AssociationID?,
        seed: UInt64, start: ContinuousClock.Instant, packets: (any PacketAudio)? = nil
    ) throws {
        self.name = name
        self.association = association
        playout = PlayoutQueue(rate: .hz24000)
        var encoder = OpusEncoderSettings()
        encoder.complexity = 0
        machine = try PeerMachine(
            PeerMachineConfiguration(
                certificate: certificate, negotiation: negotiation,
                audio: AudioSettings(rate: .hz24000, encoder: encoder), playout: playout, packets: packets,
                ssrc: SSRC(UInt32(truncatingIfNeeded: seed) | 1), cname: name,
                clock: NTPClock(origin: start, unixTime: 1_700_000_000), seed: seed),
            now: start)
    }

    package func handle(_ input: PeerInput, now: ContinuousClock.Instant) {
        machine.handle(input, now: now)
        while let output = machine.poll() { note(output, now: now) }
        while !isPaused, !unread.isEmpty { read(unread.removeFirst(), now: now) }
    }

    /// A datagram of any kind, from a copy, as the path delivers it.
    package func receive(_ datagram: [UInt8], now: ContinuousClock.Instant) {
        if !isPaused {
            read(datagram, now: now)
        } else if unread.count < Self.socketDatagrams {
            unread.append(datagram)
        } else {
            dropped += 1
        }
    }

    private func read(_ datagram: [UInt8], now: ContinuousClock.Instant) {
        var datagram = datagram
        datagram.withUnsafeMutableBytes { bytes in
            machine.handle(.datagram(bytes), now: now)
            while let output = machine.poll() { note(output, now: now) }
        }
    }

    private func note(_ output: PeerOutput, now: ContinuousClock.Instant) {
        switch output {
        case .transmit(let bytes): transmitted.append(Array(bytes))
        case .sctp(let request): requests.append(request)
        case .established: establishedAt = now
        case .audio(let block): blocks.append(block)
        case .channelOpened(let channel): channels.append(channel)
        case .message(let message): messages.append(message)
        case .channelClosed(let channel): closedChannels.append(channel)
        case .read(let reading): isPaused = reading == .nothing
        case .sendFailed(let error): sendFailures.append(error)
        case .closed(let reason): closed = reason
        }
    }
}
