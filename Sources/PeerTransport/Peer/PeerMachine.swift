import AudioPipeline
import Wire

/// One WebRTC peer without a socket, a clock or a thread: datagrams, ticks and messages in, datagrams, audio and
/// messages out. Call `handle`, then `poll` until nil. `frameTick` is its only clock.
///
/// A packet's way in reads from `receive` down; its way out from `tick`.
struct PeerMachine: ~Copyable {
    /// How long a closing call waits for SCTP's last packet before the rest of its goodbyes.
    static let goodbyeTime = Duration.milliseconds(60)

    /// A peer that was not heard for so long is gone. What counts is what it authenticates: SRTP, SRTCP, DTLS. A call with
    /// audio brings a report every few seconds, whatever is said.
    static let silenceLimit = Duration.seconds(15)
    /// Without audio there is nothing but SCTP's heartbeat, whose pace falls with every one that is lost (RFC 9260 §8.3);
    /// what RFC 7675 §5.1 allows.
    static let dataSilenceLimit = Duration.seconds(30)

    private let configuration: PeerMachineConfiguration
    private let dtls: DTLSSession
    private let silenceLimit: Duration
    private var state = PeerState.waiting
    private var channels: DataChannels
    private var reports: RTPReports
    private var generator: SeededGenerator
    private var nextReport: ContinuousClock.Instant
    /// When something last authenticated.
    private(set) var lastHeard: ContinuousClock.Instant
    /// How often something of the peer's authenticated.
    private(set) var heardCount = 0
    private var allowance = ReadAllowance()
    private var outputs = OutputQueue<PeerOutput>()
    private let slots: PacketSlots
    private var drops = PeerCounters()

    init(_ configuration: PeerMachineConfiguration, now: ContinuousClock.Instant) throws(OpenSSLError) {
        self.configuration = configuration
        slots = configuration.slots
        let negotiation = configuration.negotiation
        silenceLimit = negotiation.audio == nil ? Self.dataSilenceLimit : Self.silenceLimit
        dtls = try DTLSSession(
            certificate: configuration.certificate, role: negotiation.dtlsRole,
            fingerprints: negotiation.fingerprints)
        channels = DataChannels(
            role: negotiation.dtlsRole, remoteMaxMessageSize: negotiation.data?.remoteMaxMessageSize ?? 0)
        reports = RTPReports(
            local: configuration.ssrc, cname: configuration.cname,
            clockRate: negotiation.audio?.codec.clockRate ?? 48_000, clock: configuration.clock)
        generator = SeededGenerator(seed: configuration.seed)
        nextReport = now
        lastHeard = now
    }

    /// Everything counted so far.
    var counters: PeerCounters {
        var counters = drops
        state.media?.receiver.copyCounters(into: &counters)
        return counters
    }

    /// What the peer's reports say of our stream; nil before the first.
    var remoteReport: RTPReports.Remote? { reports.remote }

    var isEstablished: Bool { state.isEstablished }

    /// Of messages that SCTP has not taken over yet.
    var unsentBytes: Int { channels.bufferedBytes }

    mutating func handle(_ input: PeerInput, now: ContinuousClock.Instant) {
        switch input {
        case .pathUp: if state.pathUp() { dtls.start(now: now) }
        case .pathLost: close(.consentLost, now: now)
        case .datagram(let datagram): receive(datagram, now: now)
        case .frameTick: tick(now: now)
        case .limitEffort(let limit): state.media?.sender.limit(limit)
        case .sctp(let event): handle(event, now: now)
        case .openChannel(let label): open(label: label)
        case .send(let message): send(message)
        case .close(let reason): close(reason, now: now)
        }
        drainDTLS(now: now)
    }

    mutating func poll() -> PeerOutput? {
        guard let output = outputs.next() else {
            slots.reset()
            return nil
        }
        return output
    }

    // MARK: In

    private mutating func receive(_ datagram: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant) {
        switch PacketClass.classify(UnsafeRawBufferPointer(datagram)) {
        case .dtls: dtls.receive(UnsafeRawBufferPointer(datagram), now: now)
        case .rtp: receiveRTP(datagram, now: now)
        case .rtcp: receiveRTCP(datagram, now: now)
        case .stun, .turnChannel, .unknown: drops.droppedUnknownClass += 1
        }
    }

    private mutating func receiveRTP(_ datagram: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant) {
        guard let media = state.media, media.receives else {
            drops.droppedUnexpected += 1
            return
        }
        guard let packet = media.receiver.receive(datagram, now: now, counters: &drops) else { return }
        heard(now: now)
        if !packet.isRepair {
            reports.received(
                source: packet.source, sequence: packet.sequence, timestamp: packet.timestamp, now: now)
        }
        askForMissing(media, now: now)
        drainAudio(media, now: now)
    }

    private mutating func receiveRTCP(_ datagram: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant) {
        guard let media = state.media else {
            drops.droppedUnexpected += 1
            return
        }
        for packet in media.receiver.receiveControl(datagram, counters: &drops) {
            heard(now: now)
            reports.handle(packet, now: now)
            switch packet {
            case .goodbye(let goodbye) where goodbye.sources.contains(where: media.receiver.isCurrent):
                handleGoodbye(now: now)
            case .nack(let nack) where nack.source == configuration.ssrc: resend(nack.sequences, media, now: now)
            default: break
            }
        }
        if let report = reports.takeNews() { media.sender.respond(to: report) }
    }

    /// A BYE ends a call of audio alone. With a data channel beside it the source is only gone for now: browsers send
    /// BYE when a track is replaced or stopped, and end the call by closing DTLS or SCTP.
    private mutating func handleGoodbye(now: ContinuousClock.Instant) {
        if configuration.negotiation.data == nil { close(.remoteGoodbye(.rtcpBye), now: now) }
    }

    private mutating func resend(_ sequences: [UInt16], _ media: SecureMedia, now: ContinuousClock.Instant) {
        for sequence in sequences {
            guard let packet = media.sender.kept(sequence, now: now) else { continue }
            drops.resentPackets += 1
            outputs.append(.transmit(packet))
        }
    }

    private mutating func askForMissing(_ media: SecureMedia, now: ContinuousClock.Instant) {
        guard let nack = media.receiver.requests(from: configuration.ssrc, now: now) else { return }
        transmitControl(reports.feedback(.nack(nack)), media)
    }

    private mutating func drainAudio(_ media: SecureMedia, now: ContinuousClock.Instant) {
        while let block = media.receiver.poll(now: now) { outputs.append(.audio(block)) }
    }

    private mutating func heard(now: ContinuousClock.Instant) {
        lastHeard = now
        heardCount &+= 1
        if allowance.spend() { outputs.append(.read(allowance.reading)) }
    }

    // MARK: Out

    private mutating func tick(now: ContinuousClock.Instant) {
        if allowance.refill() { outputs.append(.read(allowance.reading)) }
        dtls.handleDeadline(now: now)
        if let media = state.media {
            if media.sends { sendFrame(media, now: now) }
            askForMissing(media, now: now)
            drainAudio(media, now: now)
            if now >= nextReport { sendReport(media, now: now) }
        }
        if state.isEstablished, state.media?.sends != true { passFrame() }
        if state.isEstablished, now - lastHeard >= silenceLimit { close(.consentLost, now: now) }
        if let deadline = state.closingDeadline, now >= deadline { finish(now: now) }
    }

    private mutating func sendFrame(_ media: SecureMedia, now: ContinuousClock.Instant) {
        guard let slot = slots.take() else {
            drops.failedToSend += 1
            return
        }
        guard let sent = media.sender.frame(into: slot, now: now, counters: &drops) else { return }
        reports.sent(octets: sent.payloadBytes, timestamp: sent.timestamp, now: now)
        outputs.append(.transmit(sent.packet))
    }

    /// A call that sends no audio plays it all the same, to nobody: its session goes by what was played.
    private func passFrame() {
        let samples = configuration.audio.rate.samples(in: AudioSender.frameDuration)
        withUnsafeTemporaryAllocation(of: Int16.self, capacity: samples) { _ = configuration.playout.read(into: $0) }
    }

    private mutating func sendReport(_ media: SecureMedia, now: ContinuousClock.Instant) {
        nextReport = now + RTPReports.interval * Double.random(in: 0.5...1.5, using: &generator)
        transmitControl(reports.compound(now: now), media)
    }

    private mutating func transmitControl(_ packets: [RTCPPacket], _ media: SecureMedia) {
        guard let slot = slots.take(), let packet = media.sender.control(packets, into: slot, counters: &drops)
        else { return }
        outputs.append(.transmit(packet))
    }

    private mutating func transmit(_ bytes: [UInt8]) {
        guard let slot = slots.take(), bytes.count <= slot.count else {
            drops.failedToSend += 1
            return
        }
        slot.copyBytes(from: bytes)
        outputs.append(.transmit(UnsafeRawBufferPointer(rebasing: slot[..<bytes.count])))
    }

    // MARK: DTLS

    private mutating func drainDTLS(now: ContinuousClock.Instant) {
        while let output = dtls.poll() {
            switch output {
            case .transmit(let datagram): transmit(datagram)
            case .connected(let keys): secured(keys, now: now)
            case .data(let packet):
                heard(now: now)
                outputs.append(.sctp(.receive(packet)))
            case .closed(.closeNotify): close(.remoteGoodbye(.dtlsCloseNotify), now: now)
            case .closed(let reason): close(.dtls(reason), now: now)
            }
        }
    }

    private mutating func secured(_ keys: KeyingMaterial?, now: ContinuousClock.Instant) {
        do {
            let media = try configuration.makeMedia(keys: keys, generator: &generator)
            guard state.secured(media) else { return }
            lastHeard = now
            nextReport = now + RTPReports.interval / 4
            outputs.append(.established)
            if let data = configuration.negotiation.data {
                outputs.append(.sctp(.open(localPort: PeerMachineConfiguration.sctpPort, remotePort: data.remotePort)))
            }
        } catch let reason {
            close(reason, now: now)
        }
    }

    // MARK: Data

    private mutating func handle(_ event: SCTPEvent, now: ContinuousClock.Instant) {
        if state.closingDeadline != nil, !event.isTransmit { return }
        switch event {
        case .transmit(let packet):
            if !packet.withUnsafeBytes({ dtls.send($0) }) { drops.failedToSend += 1 }
            // The SHUTDOWN that a closing call was waiting for is among these.
            if state.closingDeadline != nil { finish(now: now) }
        case .up: break
        case .message(let message): perform(channels.handle(message))
        case .accepted(let bytes): channels.accepted(bytes: bytes)
        case .streamsReset(let streams): perform(channels.streamsReset(streams))
        case .down(.shutdown): close(.remoteGoodbye(.sctpShutdown), now: now)
        case .down(.aborted): close(.remoteGoodbye(.sctpAbort), now: now)
        case .down(.messageTooLarge): close(.overrun("message larger than max-message-size"), now: now)
        case .down(.lost): close(.sctpFailed("association lost"), now: now)
        case .down(.failed(let operation, let code)): close(.sctpFailed("\(operation): errno \(code)"), now: now)
        }
    }

    /// SCTP exists from `established` on; a channel asked for earlier could not be opened.
    private mutating func open(label: String) {
        guard state.isEstablished, configuration.negotiation.data != nil else {
            outputs.append(.sendFailed(.closed))
            return
        }
        let (channel, effect) = channels.open(label: label)
        perform([effect])
        outputs.append(.channelOpened(channel))
    }

    private mutating func send(_ message: DataChannelMessage) {
        guard state.isEstablished else {
            outputs.append(.sendFailed(.closed))
            return
        }
        do { outputs.append(.sctp(.send(try channels.send(message)))) } catch { outputs.append(.sendFailed(error)) }
    }

    private mutating func perform(_ effects: [DataChannels.Effect]) {
        for effect in effects {
            switch effect {
            case .send(let message): outputs.append(.sctp(.send(message)))
            case .resetStream(let stream): outputs.append(.sctp(.resetStream(stream)))
            case .opened(let channel): outputs.append(.channelOpened(channel))
            case .message(let message): outputs.append(.message(message))
            case .closed(let channel): outputs.append(.channelClosed(channel))
            case .dropped: drops.messagesDropped += 1
            case .refused: drops.channelsRefused += 1
            }
        }
    }

    // MARK: The end

    /// The one way a call ends: SCTP is asked to shut down, its last packet leaves through DTLS, then BYE and
    /// close_notify.
    private mutating func close(_ reason: PeerCloseReason, now: ContinuousClock.Instant) {
        let saysGoodbyeBySCTP = state.isEstablished && configuration.negotiation.data != nil && reason.pathIsUsable
        guard state.beginClosing(reason, deadline: now + Self.goodbyeTime) else { return }
        outputs.append(.sctp(.close))
        if !saysGoodbyeBySCTP { finish(now: now) }
    }

    private mutating func finish(now: ContinuousClock.Instant) {
        guard let (reason, media) = state.finish() else { return }
        if let media {
            media.receiver.copyCounters(into: &drops)
            if reason.pathIsUsable { transmitControl(reports.goodbye(now: now), media) }
        }
        dtls.close()
        while case .transmit(let datagram)? = dtls.poll() { transmit(datagram) }
        outputs.append(.closed(reason))
    }
}

extension SCTPEvent {
    fileprivate var isTransmit: Bool {
        if case .transmit = self { return true }
        return false
    }
}

extension PeerCloseReason {
    /// Whether the peer can still hear us.
    fileprivate var pathIsUsable: Bool {
        switch self {
        case .consentLost, .setupTimeout, .dtls, .remoteGoodbye(.dtlsCloseNotify): false
        default: true
        }
    }
}
