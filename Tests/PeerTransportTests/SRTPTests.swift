import Testing

@testable import PeerTransport

/// Packets and what they are protected.
private struct Vectors {
    let profile: KeyingMaterial.Profile
    /// Key and salt.
    let master: String
    /// In the order of their sending; sequence numbers go from 65534 to 1, so that the rollover counter does too.
    let packets: [(plain: String, protected: String)]
    let control: [(plain: String, protected: String)]
}

/// Made with libsrtp 2.5.0; the second packet has a contributing source and an extension.
private let vectors = [
    Vectors(
        profile: .aeadAES128GCM, master: "030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0",
        packets: [
            (
                "806ffffe000003e8deadbeef000306090c0f1215181b1e2124272a2d30333639",
                "806ffffe000003e8deadbeef3deb548519cdfb33577a884f043be009e500a950e27e330db1136e5b"
                    + "0aa73d5e4efd494e"
            ),
            (
                "916fffff000007a8deadbeef01020304bede000110ff00000104070a0d101316191c1f2225282b2e3134373a3d",
                "916fffff000007a8deadbeef01020304bede000110ff000086276ba5e2be2b8ba3637cde6210e35e"
                    + "b975225203c24a13a3ed1b98fec4b19c4d75bb3159"
            ),
            (
                "806f000000000b68deadbeef0205080b0e1114171a1d202326292c2f3235383b3e41",
                "806f000000000b68deadbeef494e8f1c6ebc8a23b7a3ff8f31e5c0a7623975853f220e6dca9f521e"
                    + "e3076535af9c138024b4"
            ),
            (
                "806f000100000f28deadbeef0306090c0f1215181b1e2124272a2d303336393c3f4245",
                "806f000100000f28deadbeef44b31e82c612ee4ab354eaa02ba0fe82c88558941c08deee2a6bff3d"
                    + "c17508b3f218471b63d1fc"
            ),
        ],
        control: [
            (
                "81c90007deadbeef00050a0f14191e23282d32373c41464b50555a5f64696e73",
                "81c90007deadbeef5aa691117ab422f5da95b957dfc3de881e19d7dbeac0620a28645cbda4abf96a"
                    + "63e1b4b6a2eeeeb380000001"
            ),
            (
                "81c90007deadbeef01060b10151a1f24292e33383d42474c51565b60656a6f74",
                "81c90007deadbeef94e867502c1216dcfb3a1c373a094a12717463ba8eb01ec92599635ebbccbb2c"
                    + "f716ff0c8a27d51f80000002"
            ),
        ]),
    Vectors(
        profile: .aes128CMHMACSHA1, master: "030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0c7ce",
        packets: [
            (
                "806ffffe000003e8deadbeef000306090c0f1215181b1e2124272a2d30333639",
                "806ffffe000003e8deadbeefcbfa8a3876de5dc49a301161bfc669a10c1d2055a0f82136ad6f7dd056fe"
            ),
            (
                "916fffff000007a8deadbeef01020304bede000110ff00000104070a0d101316191c1f2225282b2e3134373a3d",
                "916fffff000007a8deadbeef01020304bede000110ff0000e70a26ec71d353edd0f72aa0fc29cd33"
                    + "94856ccef4551839a46961e5502ef6"
            ),
            (
                "806f000000000b68deadbeef0205080b0e1114171a1d202326292c2f3235383b3e41",
                "806f000000000b68deadbeefc92b3597f117b56a694e56dcc46a9ae9499a9838d578b398be54dd14a976514d"
            ),
            (
                "806f000100000f28deadbeef0306090c0f1215181b1e2124272a2d303336393c3f4245",
                "806f000100000f28deadbeef7620498f2b3b67f74ac5a7f72e61230e78d82b4942e49df062426162f9b11da974"
            ),
        ],
        control: [
            (
                "81c90007deadbeef00050a0f14191e23282d32373c41464b50555a5f64696e73",
                "81c90007deadbeefb10766919c76f29e80ab0287e589d0b2c6a4ec2c5fa8708b80000001f6a2902d22b90372297b"
            ),
            (
                "81c90007deadbeef01060b10151a1f24292e33383d42474c51565b60656a6f74",
                "81c90007deadbeef2d5b90a3483584753637d39caf05ef06a646bfa258638cee80000002dcbcf613d975d226428f"
            ),
        ]),
]

@Suite("SRTP") struct SRTPTests {
    @Test("Packets are protected as libsrtp does it, and come back", arguments: vectors.indices)
    func packets(_ index: Int) throws {
        let vectors = vectors[index]
        let (sender, receiver) = try contexts(vectors)
        for (plain, protected) in vectors.packets {
            let sent = try apply(Array(hex: plain), room: SRTPContext.overhead, sender.protectRTP)
            #expect(sent == Array(hex: protected))
            #expect(try apply(sent, receiver.unprotectRTP) == Array(hex: plain))
        }
        for (plain, protected) in vectors.control {
            let sent = try apply(Array(hex: plain), room: SRTPContext.overhead, sender.protectRTCP)
            #expect(sent == Array(hex: protected))
            #expect(try apply(sent, receiver.unprotectRTCP) == Array(hex: plain))
        }
    }

    @Test("Every bit of a packet is authenticated", arguments: vectors.indices)
    func forged(_ index: Int) throws {
        let receiver = try contexts(vectors[index]).receiver
        for (packets, unprotect) in [
            (vectors[index].packets, receiver.unprotectRTP), (vectors[index].control, receiver.unprotectRTCP),
        ] {
            let packet = Array(hex: packets[0].protected)
            for bit in 0..<(8 * packet.count) {
                var forged = packet
                forged[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: SRTPError.self) { try apply(forged, unprotect) }
            }
            #expect(throws: Never.self) { try apply(packet, unprotect) }
        }
    }

    @Test(
        "A packet is taken once, in any order of the last 128, and not at all from before them",
        arguments: vectors.indices)
    func replays(_ index: Int) throws {
        let (sender, receiver) = try contexts(vectors[index])
        // Across a rollover.
        let sent = try (0..<200).map { number in
            var packet = Array(hex: vectors[index].packets[0].plain)
            let sequence = UInt16(truncatingIfNeeded: 65_436 + number)
            packet.replaceSubrange(2..<4, with: [UInt8(sequence >> 8), UInt8(sequence & 0xFF)])
            return try apply(packet, room: SRTPContext.overhead, sender.protectRTP)
        }
        for number in [0, 199, 72, 150, 100, 198] {
            #expect(throws: Never.self) { try apply(sent[number], receiver.unprotectRTP) }
        }
        for number in [0, 199, 71, 72, 150, 100, 198] {
            #expect(throws: SRTPError.replayed) { try apply(sent[number], receiver.unprotectRTP) }
        }
        for number in 73..<200 where ![199, 150, 100, 198].contains(number) {
            #expect(throws: Never.self) { try apply(sent[number], receiver.unprotectRTP) }
        }
    }

    @Test("A sender does not use an index twice", arguments: vectors.indices)
    func reuse(_ index: Int) throws {
        let sender = try contexts(vectors[index]).sender
        let plain = Array(hex: vectors[index].packets[0].plain)
        _ = try apply(plain, room: SRTPContext.overhead, sender.protectRTP)
        #expect(throws: SRTPError.replayed) { try apply(plain, room: SRTPContext.overhead, sender.protectRTP) }
    }

    @Test("RTCP is taken once, and not in clear", arguments: vectors.indices)
    func control(_ index: Int) throws {
        let receiver = try contexts(vectors[index]).receiver
        let packet = Array(hex: vectors[index].control[0].protected)
        var clear = packet
        let flag = vectors[index].profile == .aeadAES128GCM ? packet.count - 4 : packet.count - 14
        clear[flag] &= 0x7F
        #expect(throws: SRTPError.malformed) { try apply(clear, receiver.unprotectRTCP) }
        _ = try apply(packet, receiver.unprotectRTCP)
        #expect(throws: SRTPError.replayed) { try apply(packet, receiver.unprotectRTCP) }
    }

    @Test("A header that ends behind its packet is refused", arguments: vectors.indices)
    func malformed(_ index: Int) throws {
        let (sender, receiver) = try contexts(vectors[index])
        for first in [0x8F, 0x90, 0x9F] as [UInt8] {
            let packet =
                [first, 111, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0xFF, count: 16)
            #expect(throws: SRTPError.malformed) { try apply(packet, receiver.unprotectRTP) }
            #expect(throws: SRTPError.malformed) {
                try apply(Array(packet.prefix(16)), room: SRTPContext.overhead, sender.protectRTP)
            }
        }
    }

    @Test("Session keys are those of RFC 3711, B.3")
    func derivation() {
        let master = "e1f97a0d3e018be0d64fa32c06de4139" + "0ec675ad498afeebb6960b3aabe6"
        let keys = SRTPSessionKeys(master: Array(hex: master), profile: .aes128CMHMACSHA1, kind: .rtp)
        #expect(keys?.cipher == Array(hex: "c61e7a93744f39ee10734afe3ff7a087"))
        #expect(keys?.salt == Array(hex: "30cbbc08863d8c85d49db34a9ae1"))
        #expect(keys?.authentication == Array(hex: "cebe321f6ff7716b6fd4ab49af256a156d38baa4"))
    }

    @Test("AEAD is that of RFC 7714, 16.1.1")
    func galoisCounter() throws {
        let cipher = try #require(
            GaloisCounterCipher(
                key: (0..<16).map { $0 }, salt: Array(hex: "517569642070726f2071756f"), seals: true))
        let header = Array(hex: "8040f17b8041f8d35501a0b2")
        var body = Array("Gallia est omnis divisa in partes tres".utf8)
        var tag = [UInt8](repeating: 0, count: 16)
        let isSealed = header.withUnsafeBytes { header in
            body.withUnsafeMutableBytes { body in
                cipher.seal(
                    PacketText(header: header, body: body, controlWord: nil),
                    at: PacketPosition(source: 0x5501_A0B2, index: 0xF17B), tag: &tag)
            }
        }
        #expect(isSealed)
        #expect(
            body
                == Array(
                    hex: "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"))
        #expect(tag == Array(hex: "899d7f27beb16a9152cf765ee4390cce"))
    }

    private func contexts(_ vectors: Vectors) throws -> (sender: SRTPContext, receiver: SRTPContext) {
        let master = Array(hex: vectors.master)
        return (
            try SRTPContext(profile: vectors.profile, master: master, inbound: false),
            try SRTPContext(profile: vectors.profile, master: master, inbound: true)
        )
    }

    private func apply(
        _ packet: [UInt8], _ unprotect: (UnsafeMutableRawBufferPointer) throws(SRTPError) -> Int
    ) throws -> [UInt8] {
        var packet = packet
        let length = try packet.withUnsafeMutableBytes { try unprotect($0) }
        return Array(packet[..<length])
    }

    private func apply(
        _ packet: [UInt8], room: Int, _ protect: (UnsafeMutableRawBufferPointer, Int) throws(SRTPError) -> Int
    ) throws -> [UInt8] {
        var bytes = packet + [UInt8](repeating: 0, count: room)
        let length = try bytes.withUnsafeMutableBytes { try protect($0, packet.count) }
        return Array(bytes[..<length])
    }
}

extension [UInt8] {
    fileprivate init(hex: String) {
        let digits = hex.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}
