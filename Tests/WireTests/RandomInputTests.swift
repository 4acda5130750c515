import Testing
import Wire

/// Parsers answer anything with a value or an error; a trap ends the test run.
@Suite("Random and mutated input")
struct RandomInputTests {
    private static let rounds = 10_000

    @Test("RTP headers never trap, and payloads lie inside their packets")
    func rtp() {
        var generator = SeededGenerator(seed: 1)
        let seed = hex("b2 6f 0001 00000002 00000003 11111111 22222222 bede 0001 10ff0000 aabb 000003")
        for round in 0..<Self.rounds {
            let bytes = round.isMultiple(of: 4) ? generator.bytes(upTo: 80) : generator.mutated(seed)
            guard let packet = try? parseRTP(bytes) else { continue }
            #expect(packet.payload.lowerBound >= 12 && packet.payload.upperBound <= bytes.count)
        }
    }

    @Test("RED payloads never trap, and their blocks lie inside them")
    func red() {
        var generator = SeededGenerator(seed: 5)
        let seed = hex("ef 1e0002 ef 0f0003 6f 01 02 03 04 05 06 07")
        for round in 0..<Self.rounds {
            let bytes = round.isMultiple(of: 4) ? generator.bytes(upTo: 40) : generator.mutated(seed)
            bytes.withUnsafeBytes { bytes in
                guard let payload = try? RedundantPayload(parsing: bytes) else { return }
                var length = payload.payload.count
                payload.forEachBlock { length += $0.payload.count }
                #expect(length == bytes.count - 4 * payload.count - 1)
            }
        }
    }

    @Test("RTCP never traps, and what is read is read again as it was written")
    func rtcp() throws {
        var generator = SeededGenerator(seed: 2)
        let seed = hex(
            "81c8000c 01020304 e1e2e3e4 80000000 000003c0 00000064 00001f40 11111111 40fffffe 00010002 00000005"
                + "0a0b0c0d 00010000 81ca0003 00000007 01 04 61626364 00 00 8fce0003 00000001 00000002 00000000"
                + "81cb0003 00000007 04 62796521 000000")
        for round in 0..<Self.rounds {
            let bytes = round.isMultiple(of: 4) ? generator.bytes(upTo: 120) : generator.mutated(seed)
            guard let packets = try? parseRTCP(bytes) else { continue }
            let written = serialize(packets)
            let again = written.isEmpty ? [] : try parseRTCP(written)
            #expect(serialize(again) == written)
        }
    }

    @Test("Data channel messages never trap, and go both ways")
    func dcep() throws {
        var generator = SeededGenerator(seed: 3)
        let seed = hex("03 81 0100 00000003 000a 0004 6f61692d6576656e7473 6a736f6e")
        for round in 0..<Self.rounds {
            let bytes = round.isMultiple(of: 4) ? generator.bytes(upTo: 60) : generator.mutated(seed)
            guard let message = try? DCEPMessage.parse(bytes) else { continue }
            #expect(try DCEPMessage.parse(message.serialize()) == message)
        }
    }

    @Test("Offers never trap, and their answers are descriptions again")
    func sdp() throws {
        var generator = SeededGenerator(seed: 4)
        let seeds =
            try FixtureTests.expectations.map { Array(try offerFixture($0.name).utf8) } + [Array(OfferText().text.utf8)]
        for round in 0..<Self.rounds {
            let seed = seeds[round % seeds.count]
            let bytes = round.isMultiple(of: 16) ? generator.bytes(upTo: 200) : generator.mutated(seed)
            guard let offer = try? Offer(parsing: String(decoding: bytes, as: UTF8.self)),
                let negotiation = try? offer.negotiate()
            else { continue }
            let answer = offer.answer(negotiation, local: local)
            let seen = try Answer(parsing: answer).negotiation(offered: .actpass)
            #expect(seen.audio?.payloadType == negotiation.audio?.payloadType)
            #expect((seen.data == nil) == (negotiation.data == nil))
        }
    }
}
