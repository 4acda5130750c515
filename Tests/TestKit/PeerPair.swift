import AudioPipeline
import Glibc
package import Wire

@testable package import PeerTransport

/// Two peer machines that talk through emulated networks on virtual time: no socket, no thread, no clock.
///
/// usrsctp's clock is process-wide, so only one pair may live at a time; suites that use it are serialized.
package final class PeerPair {
    package let left: MachineDriver
    package let right: MachineDriver
    package private(set) var now: ContinuousClock.Instant
    package let start: ContinuousClock.Instant
    /// Nothing that is sent from now on arrives.
    package var isCut = false

    private let sctp: SCTPAssociations
    private var toRight: NetworkEmulator
    private var toLeft: NetworkEmulator
    private var ticks = 0
    private static let step = Duration.milliseconds(5)

    /// What a pair agreed on; both sides of one description.
    package struct Terms: Sendable {
        package var audio: AudioCodec?
        package var data = true
        package var redundancyType: PayloadType?
        /// The digest that `left` expects of `right`; nil for the true one.
        package var falseFingerprint: [UInt8]?
        /// What `left` says and hears in place of sound.
        package var packets: (any PacketAudio)?

        package init(audio: AudioCodec? = .opus, data: Bool = true, redundancyType: PayloadType? = nil) {
            self.audio = audio
            self.redundancyType = redundancyType
            self.data = data
        }
    }

    /// `right` is the DTLS client. The same seed spoils the same packets.
    package init(
        _ conditions: NetworkConditions = NetworkConditions(), seed: UInt64 = 1, terms: Terms = Terms()
    ) throws {
        start = .now
        now = start
        VirtualTimeOfDay.set(.zero)
        sctp = SCTPAssociations()
        toRight = NetworkEmulator(conditions, seed: seed &* 2)
        toLeft = NetworkEmulator(conditions, seed: seed &* 2 &+ 1)
        let (leftCertificate, rightCertificate) = (try Certificate(), try Certificate())
        let expected = terms.falseFingerprint.map { Fingerprint(algorithm: "sha-256", digest: $0) }
        left = try MachineDriver(
            "left", certificate: leftCertificate,
            negotiation: Self.negotiation(expected ?? rightCertificate.fingerprint, .server, terms),
            association: AssociationID(rawValue: 1), seed: seed &+ 100, start: start, packets: terms.packets)
        right = try MachineDriver(
            "right", certificate: rightCertificate,
            negotiation: Self.negotiation(leftCertificate.fingerprint, .client, terms),
            association: AssociationID(rawValue: 2), seed: seed &+ 200, start: start)
    }

    deinit { VirtualTimeOfDay.reset() }

    /// Both paths come up.
    package func connect() {
        left.handle(.pathUp, now: now)
        right.handle(.pathUp, now: now)
        exchange()
    }

    /// Runs until `condition` or the end of `time`; true when the condition came true.
    @discardableResult
    package func run(_ time: Duration, until condition: (PeerPair) -> Bool = { _ in false }) -> Bool {
        let end = now + time
        while now < end {
            if condition(self) { return true }
            advance()
        }
        return condition(self)
    }

    /// Does something on one side now, and lets both networks take what came out.
    package func perform(_ input: PeerInput, on side: MachineDriver) {
        side.handle(input, now: now)
        exchange()
    }

    private func advance() {
        now += Self.step
        VirtualTimeOfDay.set(now - start)
        ticks += 1
        for datagram in toRight.receive(now: now) { right.receive(datagram, now: now) }
        for datagram in toLeft.receive(now: now) { left.receive(datagram, now: now) }
        sctp.advance(milliseconds: 5)
        if ticks % 4 == 0 {
            left.handle(.frameTick, now: now)
            right.handle(.frameTick, now: now)
        }
        exchange()
    }

    /// Moves outputs to the networks and to SCTP, and SCTP's events back, until nothing is left.
    private func exchange() {
        repeat {
            for side in [left, right] { moveRequests(of: side) }
            while let (id, event) = sctp.poll() {
                let side = id == left.association ? left : right
                if case .transmit(let packet) = event, packet.count > 12 { side.lastChunkType = packet[12] }
                side.handle(.sctp(event), now: now)
            }
        } while !left.requests.isEmpty || !right.requests.isEmpty
        if !isCut {
            for datagram in left.transmitted { toRight.send(datagram, now: now) }
            for datagram in right.transmitted { toLeft.send(datagram, now: now) }
        }
        left.transmitted.removeAll()
        right.transmitted.removeAll()
    }

    private func moveRequests(of side: MachineDriver) {
        let requests = side.requests
        side.requests.removeAll()
        guard let id = side.association else { return }
        for request in requests { sctp.handle(request, for: id) }
    }

    private static func negotiation(_ fingerprint: Fingerprint, _ role: DTLSRole, _ terms: Terms)
        -> Negotiation
    {
        let payloadType: PayloadType =
            switch terms.audio {
            case .pcmu: PayloadType(0)
            case .pcma: PayloadType(8)
            case .opus, nil: PayloadType(111)
            }
        return Negotiation(
            remoteICE: ICEParameters(usernameFragment: "abcd", password: "0123456789012345678901"),
            fingerprints: [fingerprint], dtlsRole: role,
            audio: terms.audio.map {
                AudioNegotiation(
                    mid: "0", codec: $0, payloadType: payloadType, redundancyType: terms.redundancyType,
                    peerUsesFEC: true)
            },
            data: terms.data ? DataNegotiation(mid: "1", remoteMaxMessageSize: 262_144) : nil)
    }
}

extension PeerPair {
    package var bothEstablished: Bool { left.establishedAt != nil && right.establishedAt != nil }

    /// Queues a 440 Hz tone of `duration` on both sides (at most the queue's 5 s).
    package func speak(_ duration: Duration) async {
        let count = left.playout.rate.samples(in: duration)
        let tone = (0..<count).map { index in
            Int16(8_000 * sin(Double(index) * 2 * .pi * 440 / Double(left.playout.rate.hertz)))
        }
        for side in [left, right] {
            _ = await side.playout.enqueue(tone, generation: Generation(rawValue: 0))
        }
    }
}

// Reflection, which a failing expectation does, cannot copy the noncopyable machine inside.
extension PeerPair: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension MachineDriver: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
