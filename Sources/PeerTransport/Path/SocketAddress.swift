import Glibc

/// An IPv4 or IPv6 address with its port, read from and written as the kernel's sockaddr (POSIX; Linux's layout).
struct SocketAddress: Hashable, Sendable {
    /// A sockaddr_in6, the longer of the two.
    static let maxBytes = 28

    private let family: UInt16
    /// In network byte order, as the words are.
    private let port: UInt16
    private let high: UInt64
    /// An IPv4 address stands in its lower half.
    private let low: UInt64
    private let scope: UInt32

    /// Where a sockaddr_in or sockaddr_in6 has its fields.
    private enum Offset {
        static let port = 2
        static let address4 = 4
        static let end4 = 16
        static let high6 = 8
        static let low6 = 16
        static let scope6 = 24
    }

    /// `port` and the words in network byte order; an IPv4 address stands in the lower half of `low`.
    init(family: Int32, port: UInt16, high: UInt64, low: UInt64, scope: UInt32 = 0) {
        self.family = UInt16(truncatingIfNeeded: family)
        (self.port, self.high, self.low, self.scope) = (port, high, low, scope)
    }

    /// Nil for other families and for what is cut.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Offset.end4 else { return nil }
        family = bytes.loadUnaligned(as: UInt16.self)
        port = bytes.loadUnaligned(fromByteOffset: Offset.port, as: UInt16.self)
        switch Int32(family) {
        case AF_INET:
            low = UInt64(bytes.loadUnaligned(fromByteOffset: Offset.address4, as: UInt32.self))
            (high, scope) = (0, 0)
        case AF_INET6 where bytes.count >= Self.maxBytes:
            high = bytes.loadUnaligned(fromByteOffset: Offset.high6, as: UInt64.self)
            low = bytes.loadUnaligned(fromByteOffset: Offset.low6, as: UInt64.self)
            scope = bytes.loadUnaligned(fromByteOffset: Offset.scope6, as: UInt32.self)
        default: return nil
        }
    }

    /// Calls `body` with the sockaddr and its length.
    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: Self.maxBytes, alignment: 8) { bytes in
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            bytes.storeBytes(of: family, as: UInt16.self)
            bytes.storeBytes(of: port, toByteOffset: Offset.port, as: UInt16.self)
            let isIPv4 = Int32(family) == AF_INET
            if isIPv4 {
                bytes.storeBytes(
                    of: UInt32(truncatingIfNeeded: low), toByteOffset: Offset.address4, as: UInt32.self)
            } else {
                bytes.storeBytes(of: high, toByteOffset: Offset.high6, as: UInt64.self)
                bytes.storeBytes(of: low, toByteOffset: Offset.low6, as: UInt64.self)
                bytes.storeBytes(of: scope, toByteOffset: Offset.scope6, as: UInt32.self)
            }
            let pointer = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            // A buffer that is not empty has an address.
            return body(pointer.unsafelyUnwrapped, socklen_t(isIPv4 ? Offset.end4 : Self.maxBytes))
        }
    }
}

/// One way to the peer: a socket of ours, by its place among them, and an address of the peer's.
struct DatagramPath: Hashable, Sendable {
    let socket: Int
    let address: SocketAddress
}
