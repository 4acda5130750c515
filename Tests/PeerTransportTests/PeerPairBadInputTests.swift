import AudioPipeline
import TestKit
import Testing
import Wire

@testable import PeerTransport

/// What a hostile or broken peer can send: counted and dropped, and the call goes on. Beside `PeerPairTests` in its
/// process.
extension PeerPairTests {
    @Suite("Bad input", .serialized)
    struct BadInput {
        private func connected(_ terms: PeerPair.Terms = .init()) throws -> PeerPair {
            let pair = try PeerPair(terms: terms)
            pair.connect()
            try #require(pair.run(.seconds(2)) { $0.bothEstablished })
            return pair
        }

        @Test("RTP and RTCP before the keys are counted and dropped")
        func mediaBeforeKeys() throws {
            let pair = try PeerPair()
            let rtp: [UInt8] = [0x80, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3]
            let rtcp: [UInt8] = [0x80, 201, 0, 1, 0, 0, 0, 9]
            pair.left.receive(rtp, now: pair.now)
            pair.left.receive(rtcp, now: pair.now)
            #expect(pair.left.machine.counters.droppedUnexpected == 2)
            pair.connect()
            #expect(pair.run(.seconds(2)) { $0.bothEstablished })
        }

        @Test("Datagrams of no class, empty ones and stray STUN are counted and dropped")
        func noClass() throws {
            let pair = try connected()
            for datagram: [UInt8] in [[], [255], [0, 1, 0, 0], [70, 1, 2, 3], [15]] {
                pair.left.receive(datagram, now: pair.now)
            }
            #expect(pair.left.machine.counters.droppedUnknownClass == 5)
            #expect(pair.left.closed == nil)
        }

        @Test("Truncated and random datagrams of every class neither trap nor end a call")
        func random() throws {
            let pair = try connected()
            var generator = SeededGenerator(seed: 42)
            let firstBytes: [ClosedRange<UInt8>] = [0...3, 20...63, 64...79, 128...191, 0...255]
            for index in 0..<20_000 {
                let length = Int.random(in: 0...(index % 10 == 0 ? 1_500 : 64), using: &generator)
                var datagram = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
                if !datagram.isEmpty {
                    datagram[0] = .random(in: firstBytes[index % firstBytes.count], using: &generator)
                }
                pair.left.receive(datagram, now: pair.now)
            }
            #expect(pair.left.closed == nil)
            let counters = pair.left.machine.counters
            #expect(counters.droppedUnauthenticated > 500)
            #expect(counters.droppedMalformed > 1_000)
            #expect(counters.rtpReceived == 0)
            pair.perform(.openChannel(label: "after"), on: pair.right)
            #expect(pair.run(.seconds(2)) { $0.left.channels.map(\.label) == ["after"] })
        }

        @Test("A repeated packet is dropped as a replay, a changed one as unauthenticated")
        func replay() async throws {
            let pair = try connected(.init(data: false))
            await pair.speak(.milliseconds(100))
            pair.right.handle(.frameTick, now: pair.now)
            let packet = try #require(
                pair.right.transmitted.first { $0[0] == 0x80 && $0[1] & 0x7F == 111 })
            pair.left.receive(packet, now: pair.now)
            pair.left.receive(packet, now: pair.now)
            var changed = packet
            changed[20] ^= 1
            changed[3] &+= 1
            pair.left.receive(changed, now: pair.now)
            let counters = pair.left.machine.counters
            #expect(counters.rtpReceived == 1)
            #expect(counters.droppedReplayed == 1)
            #expect(counters.droppedUnauthenticated == 1)
        }

        @Test("A certificate that the SDP did not name ends the call before any media or data")
        func wrongFingerprint() throws {
            var terms = PeerPair.Terms()
            terms.falseFingerprint = [UInt8](repeating: 7, count: 32)
            let pair = try PeerPair(terms: terms)
            pair.connect()
            #expect(pair.run(.seconds(2)) { $0.left.closed != nil })
            #expect(pair.left.closed == .dtls(.fingerprintMismatch))
            #expect(pair.left.establishedAt == nil)
            #expect(pair.left.blocks.isEmpty)
        }

        @Test("A channel opened twice stays the one it was")
        func channelTwice() throws {
            let pair = try connected()
            pair.perform(.openChannel(label: "oai-events"), on: pair.right)
            #expect(pair.run(.seconds(1)) { $0.left.channels.count == 1 })
            let again = DCEPMessage.open(
                DataChannelOpen(
                    channelType: 0, priority: 0, reliability: 0, label: "impostor", protocolName: ""))
            let message = SCTPMessage(stream: 0, payloadProtocol: 50, bytes: again.serialize())
            pair.left.handle(.sctp(.message(message)), now: pair.now)
            #expect(pair.left.channels.map(\.label) == ["oai-events"])
            #expect(pair.left.machine.counters.messagesDropped == 1)
        }

        @Test("Messages without a channel, of unknown kind, and broken DCEP are counted and dropped")
        func strayMessages() throws {
            let pair = try connected()
            for (kind, bytes) in [(51, [1]), (53, []), (50, []), (50, [3, 0, 0]), (50, [2]), (99, [1])]
                as [(UInt32, [UInt8])]
            {
                let message = SCTPMessage(stream: 6, payloadProtocol: kind, bytes: bytes)
                pair.left.handle(.sctp(.message(message)), now: pair.now)
            }
            #expect(pair.left.machine.counters.messagesDropped == 6)
            #expect(pair.left.messages.isEmpty && pair.left.closed == nil)
        }

        @Test("Channels beyond the limit are refused and counted")
        func tooManyChannels() throws {
            let pair = try connected()
            let open = DCEPMessage.open(
                DataChannelOpen(channelType: 0, priority: 0, reliability: 0, label: "x", protocolName: ""))
            for stream in 0..<70 as Range<UInt16> {
                let message = SCTPMessage(stream: stream * 2, payloadProtocol: 50, bytes: open.serialize())
                pair.left.handle(.sctp(.message(message)), now: pair.now)
            }
            #expect(pair.left.channels.count == DataChannels.maxChannels)
            #expect(pair.left.machine.counters.channelsRefused == 70 - DataChannels.maxChannels)
        }

        @Test(
            "A message beyond the peer's max-message-size, or a reader too slow, is an error and never sent"
        )
        func sendingLimits() throws {
            let pair = try connected()
            pair.perform(.openChannel(label: "oai-events"), on: pair.right)
            #expect(pair.run(.seconds(1)) { $0.left.channels.count == 1 })
            func send(_ count: Int) {
                let bytes = [UInt8](repeating: 1, count: count)
                pair.left.handle(
                    .send(DataChannelMessage(channel: 0, payload: .binary(bytes))), now: pair.now)
            }
            send(262_145)
            #expect(pair.left.sendFailures == [.tooLarge(have: 262_145, limit: 262_144)])
            for _ in 0..<17 { send(262_144) }
            guard case .bufferFull(let waiting)? = pair.left.sendFailures.last else {
                Issue.record("nothing said that the buffer is full")
                return
            }
            #expect(waiting > 3_900_000)
        }

        @Test("An unknown channel is an error, not a trap")
        func unknownChannel() throws {
            let pair = try connected()
            pair.left.handle(.send(DataChannelMessage(channel: 9, payload: .string([]))), now: pair.now)
            #expect(pair.left.sendFailures == [.noSuchChannel(9)])
        }

        @Test("A silent DTLS peer ends the call by its deadline")
        func silence() throws {
            let pair = try PeerPair(NetworkConditions(loss: 1))
            pair.connect()
            #expect(pair.run(.seconds(40)) { $0.left.closed != nil && $0.right.closed != nil })
            #expect(pair.right.closed == .dtls(.handshakeTimeout))
        }
    }
}
