import Glibc
import Testing

@testable import PeerTransport

/// Checks of our own, against the test vectors of RFC 5769.
@Suite("STUN checks")
struct STUNCheckTests {
    private static let password = "VOkJxbRl1RmTxUk/WvJxBt"
    private static let transaction = STUNTransaction(
        bytes: [0xB7, 0xE7, 0xA7, 0x01, 0xBC, 0x34, 0xD6, 0x86, 0xFA, 0x87, 0xDF, 0xAE])
    /// RFC 5769 §2.2: a response to 192.0.2.1, port 32853.
    private static let response: [UInt8] = [
        0x01, 0x01, 0x00, 0x3C, 0x21, 0x12, 0xA4, 0x42, 0xB7, 0xE7, 0xA7, 0x01, 0xBC, 0x34, 0xD6, 0x86, 0xFA, 0x87,
        0xDF, 0xAE, 0x80, 0x22, 0x00, 0x0B, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63, 0x74, 0x6F, 0x72, 0x20,
        0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xA1, 0x47, 0xE1, 0x12, 0xA6, 0x43, 0x00, 0x08, 0x00, 0x14, 0x2B, 0x91,
        0xF5, 0x99, 0xFD, 0x9E, 0x90, 0xC3, 0x8C, 0x74, 0x89, 0xF9, 0x2A, 0xF9, 0xBA, 0x53, 0xF0, 0x6B, 0xE7, 0xD7,
        0x80, 0x28, 0x00, 0x04, 0xC0, 0x7D, 0x4C, 0x96,
    ]

    private let check = STUNCheck(
        localFragment: "ours", remoteFragment: "theirs", remotePassword: password, isControlling: false, tieBreaker: 7)

    @Test("The response of RFC 5769 is authentic under its password and answers its transaction")
    func knownResponse() {
        #expect(Self.response.withUnsafeBytes { STUNCheck.answeredTransaction($0) } == Self.transaction)
        #expect(Self.response.withUnsafeBytes { check.isAuthentic($0) })
    }

    @Test("With any bit of it turned before its code's end, or another password, it is not")
    func forgedResponses() {
        let end = 72
        for bit in 0..<(end * 8) where !(16..<32).contains(bit) {
            var forged = Self.response
            forged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!forged.withUnsafeBytes { check.isAuthentic($0) }, "bit \(bit)")
        }
        var stranger = check
        stranger.remotePassword += "x"
        #expect(!Self.response.withUnsafeBytes { stranger.isAuthentic($0) })
    }

    @Test("Every beginning of it, and every length written into it, is refused without a trap")
    func cutResponses() {
        for count in 0..<72 {
            #expect(!Self.response.prefix(count).withUnsafeBytes { check.isAuthentic($0) })
        }
        for length in 0...255 as ClosedRange<UInt8> {
            for offset in [22, 23, 38, 39, 50, 51] {
                var bent = Self.response
                guard bent[offset] != length else { continue }
                bent[offset] = length
                #expect(!bent.withUnsafeBytes { check.isAuthentic($0) })
            }
        }
        for count in 0..<20 {
            #expect(Self.response.prefix(count).withUnsafeBytes { STUNCheck.answeredTransaction($0) } == nil)
        }
    }

    @Test("A request has the peer's fragment first, names our role, and carries a code and a checksum that hold")
    func request() {
        let request = check.request(Self.transaction)
        #expect(request.count % 4 == 0)
        #expect(request[..<4] == [0x00, 0x01, 0x00, UInt8(request.count - 20)])
        #expect(request[24..<35].elementsEqual("theirs:ours".utf8))
        #expect(request[44..<48] == [0x80, 0x29, 0x00, 0x08])
        #expect(request.withUnsafeBytes { check.isAuthentic($0) })
        let checksum = CRC32.checksum(Array(request.dropLast(8))) ^ 0x5354_554E
        #expect(request.suffix(4).elementsEqual(withUnsafeBytes(of: checksum.bigEndian, Array.init)))
        #expect(request.withUnsafeBytes { STUNCheck.answeredTransaction($0) } == nil)
    }

    @Test("The checksum is that of the well-known text")
    func checksum() {
        #expect(CRC32.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
    }
}

/// Addresses as the kernel gives and takes them.
@Suite("Socket addresses")
struct SocketAddressTests {
    @Test("Both families come back as they were; others are none")
    func roundTrip() {
        let addresses = [
            SocketAddress(family: AF_INET, port: 0x419C, high: 0, low: 0x0700_0002),
            SocketAddress(family: AF_INET, port: 0x429C, high: 0, low: 0x0700_0002),
            SocketAddress(family: AF_INET6, port: 0x419C, high: 0x1122_3344_5566_7788, low: 0x99AA_BBCC_DDEE_FF01),
            SocketAddress(family: AF_INET6, port: 0x419C, high: 0x1122, low: 0x99AA, scope: 3),
        ]
        for address in addresses {
            let bytes = address.withSockaddr { Array(UnsafeRawBufferPointer(start: $0, count: Int($1))) }
            #expect(bytes.withUnsafeBytes { SocketAddress($0) } == address)
            for count in 0..<bytes.count {
                #expect(bytes.prefix(count).withUnsafeBytes { SocketAddress($0) } == nil)
            }
        }
        #expect(Set(addresses).count == addresses.count)
        #expect([UInt8](repeating: 1, count: 28).withUnsafeBytes { SocketAddress($0) } == nil)
    }
}
