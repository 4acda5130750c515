/// The checksum of STUN's FINGERPRINT (RFC 8489 §14.7): CRC-32 of ISO 3309.
enum CRC32 {
    private static let polynomial: UInt32 = 0xEDB8_8320

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ polynomial : remainder >> 1 }
        }
        return ~remainder
    }
}
