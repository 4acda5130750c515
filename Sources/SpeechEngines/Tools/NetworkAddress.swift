import Glibc

/// An IPv4 or IPv6 address, and whether it is one of the public Internet's.
package struct NetworkAddress: Hashable, Sendable {
    /// 4 or 16.
    package let bytes: [UInt8]

    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Of numbers alone: `192.0.2.1` or `2001:db8::1`.
    package init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: six) { Array($0) }
        } else {
            return nil
        }
    }

    /// As numbers.
    package var text: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A host of the public Internet can have it (IANA's special-purpose registries, RFC 6890). Of IPv6 only 2000::/3, so
    /// that loopback, link-local, unique local, multicast, IPv4-mapped and NAT64 addresses are all left out.
    package var isPublic: Bool {
        let blocks = bytes.count == 4 ? Self.reservedFour : Self.reservedSix
        if bytes.count == 16, !bytes.begins(with: [0x20], bits: 3) { return false }
        return !blocks.contains { bytes.begins(with: $0.prefix, bits: $0.bits) }
    }

    private static let reservedFour: [(prefix: [UInt8], bits: Int)] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24),
        ([192, 0, 2], 24), ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24),
        ([203, 0, 113], 24), ([224], 4), ([240], 4),
    ]

    /// Within 2000::/3: protocol assignments with Teredo, documentation, 6to4.
    private static let reservedSix: [(prefix: [UInt8], bits: Int)] = [
        ([0x20, 0x01, 0x00], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x20, 0x02], 16), ([0x3F, 0xFF, 0x00], 20),
    ]
}

extension [UInt8] {
    /// Whether the first bits are those of the prefix.
    fileprivate func begins(with prefix: [UInt8], bits: Int) -> Bool {
        (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            let index = bit / 8
            guard index < prefix.count, index < count else { return false }
            return self[index] & mask == prefix[index] & mask
        }
    }
}
