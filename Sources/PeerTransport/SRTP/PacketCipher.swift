import COpenSSL

/// Encryption and authentication of the packets of one kind and direction, in place.
protocol PacketCipher: AnyObject {
    /// At the end of what it protects.
    var tagBytes: Int { get }
    /// RFC 7714 §9.2 puts the index of an RTCP packet behind the tag, RFC 3711 §3.4 before it.
    var indexIsBehindTag: Bool { get }

    /// Encrypts `text.body` and writes the tag.
    func seal(_ text: PacketText, at position: PacketPosition, tag: UnsafeMutableRawPointer) -> Bool
    /// Decrypts `text.body`; false, with a body of no use, when the tag is not that of the packet.
    func open(_ text: PacketText, at position: PacketPosition, tag: UnsafeMutableRawPointer) -> Bool
}

/// What a cipher works on: the header in clear, the body, and for RTCP the word with its index.
struct PacketText {
    let header: UnsafeRawBufferPointer
    let body: UnsafeMutableRawBufferPointer
    /// E flag and index in the packet's byte order; nil for RTP.
    let controlWord: UInt32?
}

/// Which packet of which source: what makes its key stream its own.
struct PacketPosition {
    let source: UInt32
    /// RTP: rollover counter and sequence number, 48 bits. RTCP: the 31 bits of its index.
    let index: UInt64

    /// `salt` with the source and the index in it, each at its place (RFC 3711 §4.1.1, RFC 7714 §8.1).
    func mix(into salt: inout (UInt64, UInt64), sourceAt: Int, indexAt: Int) {
        withUnsafeMutableBytes(of: &salt) { bytes in
            for byte in 0..<4 { bytes[sourceAt + byte] ^= UInt8(truncatingIfNeeded: source >> UInt32(24 - 8 * byte)) }
            for byte in 0..<6 { bytes[indexAt + byte] ^= UInt8(truncatingIfNeeded: index >> UInt64(40 - 8 * byte)) }
        }
    }
}

/// A salt in sixteen bytes, zeros at its end.
struct PacketSalt {
    private let bytes: (UInt64, UInt64)

    init(_ salt: [UInt8]) {
        var words: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: salt.prefix($0.count)) }
        bytes = words
    }

    /// Calls `body` with the initial vector of one packet.
    func withVector<Result>(
        _ position: PacketPosition, sourceAt: Int, indexAt: Int, _ body: (UnsafePointer<UInt8>?) -> Result
    ) -> Result {
        var vector = bytes
        position.mix(into: &vector, sourceAt: sourceAt, indexAt: indexAt)
        return withUnsafeBytes(of: &vector) { body($0.assumingMemoryBound(to: UInt8.self).baseAddress) }
    }
}

extension UnsafeRawBufferPointer {
    var octets: UnsafePointer<UInt8>? { assumingMemoryBound(to: UInt8.self).baseAddress }
}

extension UnsafeMutableRawBufferPointer {
    var octets: UnsafeMutablePointer<UInt8>? { assumingMemoryBound(to: UInt8.self).baseAddress }
}
