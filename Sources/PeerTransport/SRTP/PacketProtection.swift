import Wire

/// What a call's packets pass on their way: the floor that its cost is compared with.
package enum PacketProtection: String, CaseIterable, Sendable {
    case aeadAES128GCM = "AEAD-AES-128-GCM"
    case aes128CMHMACSHA1 = "AES-128-CM, HMAC-SHA1-80"

    /// Seals `count` packets with `payload` and opens them again; returns what `threadCPU` says that used, in its units.
    package func measure(_ payload: [UInt8], count: Int, threadCPU: () -> Double) throws -> Double {
        let profile: KeyingMaterial.Profile = self == .aeadAES128GCM ? .aeadAES128GCM : .aes128CMHMACSHA1
        let master = (0..<profile.keyLength + profile.saltLength).map { UInt8(truncatingIfNeeded: $0) }
        let sealing = try SRTPContext(profile: profile, master: master, inbound: false)
        let opening = try SRTPContext(profile: profile, master: master, inbound: true)
        let plain = RTPHeader.length + payload.count
        var packet = [UInt8](repeating: 0, count: plain + SRTPContext.overhead)
        let start = threadCPU()
        for number in 0..<count {
            try packet.withUnsafeMutableBytes { room in
                let header = RTPHeader(
                    payloadType: PayloadType(111), marker: false, sequenceNumber: UInt16(truncatingIfNeeded: number),
                    timestamp: UInt32(truncatingIfNeeded: number * 960), ssrc: SSRC(1))
                try header.write(into: room)
                UnsafeMutableRawBufferPointer(rebasing: room[RTPHeader.length...]).copyBytes(from: payload)
                let length = try sealing.protectRTP(room, length: plain)
                _ = try opening.unprotectRTP(UnsafeMutableRawBufferPointer(rebasing: room[..<length]))
            }
        }
        return threadCPU() - start
    }
}
