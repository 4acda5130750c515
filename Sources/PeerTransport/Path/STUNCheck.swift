/// The number that a STUN answer repeats: 96 random bits (RFC 8489 §5).
struct STUNTransaction: Hashable, Sendable {
    static let length = 12
    let bytes: [UInt8]

    /// From the system's generator, as nobody may guess it.
    static func random() -> STUNTransaction {
        STUNTransaction(bytes: (0..<length).map { _ in .random(in: .min ... .max) })
    }
}

/// A connectivity check of our own (RFC 8445 §7.2) beside those of the ICE agent: the request, and whether a datagram is
/// the peer's answer to it.
struct STUNCheck: Sendable {
    /// Of both sides, as their descriptions say.
    var localFragment: String
    var remoteFragment: String
    var remotePassword: String
    var isControlling: Bool
    /// RFC 8445 §7.1.3: random.
    var tieBreaker: UInt64

    private static let headerLength = 20
    private static let cookie: UInt32 = 0x2112_A442
    private static let request: UInt16 = 0x0001
    private static let success: UInt16 = 0x0101
    private static let integrityLength = 20
    private static let attributeHeaderLength = 4
    /// Of a peer-reflexive candidate: type preference 110, highest local preference, component 1 (RFC 8445 §5.1.2).
    private static let priority: UInt32 = 110 << 24 | 0xFFFF << 8 | 255

    private enum Attribute: UInt16 {
        case username = 0x0006
        case integrity = 0x0008
        case priority = 0x0024
        case fingerprint = 0x8028
        case controlled = 0x8029
        case controlling = 0x802A
    }

    /// The request, with MESSAGE-INTEGRITY under the peer's password and FINGERPRINT.
    func request(_ transaction: STUNTransaction) -> [UInt8] {
        var message: [UInt8] = []
        message.append(bigEndian: Self.request)
        message.append(bigEndian: UInt16(0))
        message.append(bigEndian: Self.cookie)
        message += transaction.bytes
        append(.username, Array("\(remoteFragment):\(localFragment)".utf8), to: &message)
        append(.priority, bytes(of: Self.priority), to: &message)
        append(isControlling ? .controlling : .controlled, bytes(of: tieBreaker), to: &message)
        setLength(of: &message, adding: Self.attributeHeaderLength + Self.integrityLength)
        append(.integrity, integrity(of: message), to: &message)
        setLength(of: &message, adding: Self.attributeHeaderLength + 4)
        append(.fingerprint, bytes(of: CRC32.checksum(message) ^ 0x5354_554E), to: &message)
        return message
    }

    /// The transaction that a STUN success answers; nil for anything else.
    static func answeredTransaction(_ datagram: UnsafeRawBufferPointer) -> STUNTransaction? {
        guard datagram.count >= headerLength, read(UInt16.self, datagram, at: 0) == success,
            read(UInt32.self, datagram, at: 4) == cookie
        else { return nil }
        return STUNTransaction(bytes: Array(datagram[8..<headerLength]))
    }

    /// Whether a STUN success was made by who knows the peer's password (RFC 8489 §14.5).
    func isAuthentic(_ datagram: UnsafeRawBufferPointer) -> Bool {
        var offset = Self.headerLength
        while let type = Self.read(UInt16.self, datagram, at: offset),
            let length = Self.read(UInt16.self, datagram, at: offset + 2)
        {
            let value = offset + Self.attributeHeaderLength
            if type == Attribute.integrity.rawValue {
                guard Int(length) == Self.integrityLength, value + Self.integrityLength <= datagram.count else {
                    return false
                }
                var message = Array(datagram[..<offset])
                setLength(of: &message, adding: Self.attributeHeaderLength + Self.integrityLength)
                return isEqual(integrity(of: message), datagram[value..<(value + Self.integrityLength)])
            }
            offset = value + (Int(length) + 3) / 4 * 4
        }
        return false
    }

    // MARK: Inside

    private func append(_ type: Attribute, _ value: [UInt8], to message: inout [UInt8]) {
        message.append(bigEndian: type.rawValue)
        message.append(bigEndian: UInt16(truncatingIfNeeded: value.count))
        message += value
        message += [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    }

    /// The header's length counts what follows it, the attribute that is about to be appended included.
    private func setLength(of message: inout [UInt8], adding count: Int) {
        let length = UInt16(truncatingIfNeeded: message.count - Self.headerLength + count)
        message.replaceSubrange(2..<4, with: bytes(of: length))
    }

    private func integrity(of message: [UInt8]) -> [UInt8] {
        HMACSHA1.code(of: message, key: Array(remotePassword.utf8))
    }

    private func bytes<Value: FixedWidthInteger>(of value: Value) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: value)
        return bytes
    }

    /// In the same time wherever they differ.
    private func isEqual(_ left: [UInt8], _ right: Slice<UnsafeRawBufferPointer>) -> Bool {
        left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func read<Value: FixedWidthInteger>(
        _: Value.Type, _ datagram: UnsafeRawBufferPointer, at offset: Int
    ) -> Value? {
        guard offset + MemoryLayout<Value>.size <= datagram.count else { return nil }
        return Value(bigEndian: datagram.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}

extension [UInt8] {
    /// Appends the bytes of `value`, most significant first.
    fileprivate mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
