import AudioPipeline
import TestKit
import Testing
import Wire

@testable import PeerTransport

/// Whole calls on virtual time. In a process of their own: usrsctp's clock is process-wide.
@Suite("Peer pair on virtual time", .serialized)
struct PeerPairTests {
    /// Loss alone decides how long a handshake takes; this is far beyond the slowest of all seeds.
    private static let patience = Duration.seconds(30)
    /// 400 kB through SCTP at a fifth lost: slow by RFC 9260's back-off, but never stuck.
    private static let patienceForData = Duration.seconds(300)

    @Test(
        "Handshake, media and data get through every network, whatever the seed",
        arguments: [
            NetworkConditions(), NetworkConditions(loss: 0.05, duplication: 0.02, reordering: 0.05),
            NetworkConditions(loss: 0.2, duplication: 0.05, reordering: 0.1),
        ])
    func hundredSeeds(conditions: NetworkConditions) async throws {
        for seed in 1...100 as ClosedRange<UInt64> {
            let pair = try PeerPair(conditions, seed: seed)
            try await wholeCall(pair, conditions, seed: seed)
        }
    }

    /// Two seconds of speech each way beside messages of every size, then a goodbye.
    private func wholeCall(_ pair: PeerPair, _ conditions: NetworkConditions, seed: UInt64)
        async throws
    {
        pair.connect()
        try #require(pair.run(Self.patience) { $0.bothEstablished }, "handshake stuck at seed \(seed)")
        pair.perform(.openChannel(label: "oai-events"), on: pair.right)
        try #require(
            pair.run(Self.patience) { !$0.left.channels.isEmpty }, "no channel at seed \(seed)")
        let sizes = [0, 1, 16_384, 200_000]
        for size in sizes {
            let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: size), count: size)
            pair.perform(.send(DataChannelMessage(channel: 0, payload: .string(bytes))), on: pair.right)
            pair.perform(.send(DataChannelMessage(channel: 0, payload: .binary(bytes))), on: pair.left)
        }
        await pair.speak(.seconds(2))
        pair.run(.seconds(2.5))
        let isThrough: (PeerPair) -> Bool = {
            $0.left.messages.count == 4 && $0.right.messages.count == 4
        }
        try #require(pair.run(Self.patienceForData, until: isThrough), "data stuck at seed \(seed)")
        #expect(pair.left.messages.map(\.payload.count) == sizes)
        #expect(pair.right.messages.map(\.payload.count) == sizes)
        for side in [pair.left, pair.right] {
            // 100 packets; all of them cannot have been lost, and what is missing is concealed.
            let heard = side.blocks.reduce(0) { $0 + $1.samples.count }
            #expect(heard > 40_000, "seed \(seed): \(side.name) heard \(heard) samples")
            #expect(side.machine.counters.droppedUnauthenticated == 0)
        }
        pair.perform(.close(.hangUp), on: pair.left)
        #expect(pair.run(.seconds(1)) { $0.left.closed == .hangUp })
        if conditions.loss == 0 { #expect(pair.run(.seconds(1)) { $0.right.closed != nil }) }
    }

    @Test("Ten minutes of talk keep the media clock and lose nothing")
    func tenMinutes() async throws {
        let pair = try PeerPair()
        pair.connect()
        #expect(pair.run(.seconds(2)) { $0.bothEstablished })
        for _ in 0..<150 {
            await pair.speak(.seconds(4))
            pair.run(.seconds(4))
        }
        for side in [pair.left, pair.right] {
            #expect(side.machine.counters.rtpReceived > 29_990)
            #expect(side.machine.counters.lostPackets == 0)
            let last = try #require(side.blocks.last)
            #expect(abs(last.end.rawValue - Int64(side.machine.counters.rtpReceived) * 960) <= 960)
        }
        #expect(pair.left.machine.remoteReport?.fractionLost == 0)
        // The path is 10 ms each way, read in steps of 5 ms.
        let roundTrip = try #require(pair.left.machine.remoteReport?.roundTrip)
        #expect(roundTrip >= .milliseconds(19) && roundTrip <= .milliseconds(45), "\(roundTrip)")
    }

    @Test("G.711 calls carry speech", arguments: [AudioCodec.pcmu, .pcma])
    func g711(codec: AudioCodec) async throws {
        let pair = try PeerPair(terms: .init(audio: codec, data: false))
        pair.connect()
        #expect(pair.run(.seconds(2)) { $0.bothEstablished })
        await pair.speak(.seconds(1))
        pair.run(.seconds(1.5))
        let loudest = pair.left.blocks.flatMap(\.samples).map(\.magnitude).max() ?? 0
        #expect(loudest > 6_000 && loudest < 10_000)
    }

    @Test("Loss that nobody can repair in time is concealed: the sound has no hole and the losses are counted")
    func concealment() async throws {
        var conditions = NetworkConditions(loss: 0.1)
        conditions.delay = .milliseconds(150)
        let pair = try PeerPair(conditions, seed: 7)
        pair.connect()
        #expect(pair.run(Self.patience) { $0.bothEstablished })
        await pair.speak(.seconds(4))
        pair.run(.seconds(5))
        let counters = pair.left.machine.counters
        #expect(counters.lostPackets > 5)
        #expect(counters.concealedSamples > counters.lostPackets * 400)
        for (block, next) in zip(pair.left.blocks, pair.left.blocks.dropFirst()) {
            #expect(block.end == next.start)
        }
    }

    @Test("Most of what a bad network loses is asked for once more and heard; reports tell of the loss all the same")
    func repair() async throws {
        let pair = try PeerPair(NetworkConditions(loss: 0.1), seed: 7)
        pair.connect()
        #expect(pair.run(Self.patience) { $0.bothEstablished })
        var reported = 0.0
        for _ in 0..<5 {
            await pair.speak(.seconds(4))
            pair.run(.seconds(4))
            reported = max(reported, pair.left.machine.remoteReport?.fractionLost ?? 0)
        }
        for (side, other) in [(pair.left, pair.right), (pair.right, pair.left)] {
            let counters = side.machine.counters
            #expect(counters.repairedPackets > 50)
            #expect(counters.lostPackets < counters.repairedPackets / 4)
            #expect(other.machine.counters.resentPackets >= counters.repairedPackets)
        }
        #expect(reported > 0.05)
    }

    @Test("Where both sides take it, most of what a bad network loses is repeated and heard")
    func repetition() async throws {
        let pair = try PeerPair(
            NetworkConditions(loss: 0.2), seed: 7, terms: .init(redundancyType: PayloadType(63)))
        pair.connect()
        #expect(pair.run(Self.patience) { $0.bothEstablished })
        for _ in 0..<5 {
            await pair.speak(.seconds(4))
            pair.run(.seconds(4))
        }
        for side in [pair.left, pair.right] {
            let counters = side.machine.counters
            #expect(counters.restoredPackets > 100)
            #expect(counters.lostPackets < counters.restoredPackets / 2)
        }
    }

    @Test("A data-only call needs no SRTP")
    func dataOnly() throws {
        let pair = try PeerPair(terms: .init(audio: nil))
        pair.connect()
        #expect(pair.run(.seconds(2)) { $0.bothEstablished })
        pair.perform(.openChannel(label: "oai-events"), on: pair.left)
        #expect(pair.run(.seconds(2)) { $0.right.channels.map(\.id) == [1] })
    }

    @Test("A call without audio lets what is to be heard pass in real time, so that nobody waits for its end")
    func silentPlayout() throws {
        let pair = try PeerPair(terms: .init(audio: nil))
        pair.connect()
        #expect(pair.run(.seconds(2)) { $0.bothEstablished })
        let playout = pair.left.playout
        playout.append(
            [Int16](repeating: 1, count: playout.rate.samples(in: .seconds(2))), generation: Generation(rawValue: 0))
        pair.run(.seconds(1))
        let left = playout.queuedSamples
        #expect(abs(left - playout.rate.samples(in: .seconds(1))) <= playout.rate.samples(in: .milliseconds(40)))
        pair.run(.seconds(1.1))
        #expect(playout.queuedSamples == 0)
    }

    @Test(
        "A silent call lives on through every network, with audio, with data, or with both",
        arguments: [PeerPair.Terms(), .init(data: false), .init(audio: nil)])
    func silence(terms: PeerPair.Terms) throws {
        let pair = try PeerPair(NetworkConditions(loss: 0.2), seed: 3, terms: terms)
        pair.connect()
        #expect(pair.run(Self.patience) { $0.bothEstablished })
        pair.run(.seconds(300))
        #expect(pair.left.closed == nil)
        #expect(pair.right.closed == nil)
    }

    @Test("A peer that is not heard for 15 seconds is gone, and not before")
    func unheard() throws {
        let pair = try PeerPair()
        pair.connect()
        #expect(pair.run(.seconds(2)) { $0.bothEstablished })
        pair.run(.seconds(1))
        pair.isCut = true
        pair.run(PeerMachine.silenceLimit - .seconds(1))
        #expect(pair.left.closed == nil)
        #expect(pair.run(.seconds(2)) { $0.left.closed == .consentLost && $0.right.closed == .consentLost })
    }

    @Test("A hang-up says goodbye by SCTP shutdown, BYE and close_notify, and closing twice is once")
    func goodbyes() throws {
        let shutdownChunk: UInt8 = 7
        for terms in [PeerPair.Terms(), .init(data: false), .init(audio: nil)] {
            let pair = try PeerPair(terms: terms)
            pair.connect()
            #expect(pair.run(.seconds(2)) { $0.bothEstablished })
            pair.run(.milliseconds(500))
            pair.perform(.close(.hangUp), on: pair.left)
            pair.perform(.close(.shutdown), on: pair.left)
            #expect(pair.run(.seconds(1)) { $0.left.closed != nil && $0.right.closed != nil })
            #expect(pair.left.closed == .hangUp)
            #expect(pair.right.closed == .remoteGoodbye(.dtlsCloseNotify))
            if terms.data { #expect(pair.left.lastChunkType == shutdownChunk) }
        }
    }
}
