import Glibc
import LoadGenerator

/// What the kernel takes to send a datagram on loopback and to receive one, each on sockets of its own.
enum DatagramCost {
    private static let calls = 20
    private static let perCall = 100

    /// CPU seconds of a packet out and a packet in, `bytes` long.
    static func measure(bytes: Int) throws -> Double {
        let packet = [UInt8](repeating: 0x55, count: bytes)
        var room = [UInt8](repeating: 0, count: 2_048)
        var used = 0.0
        for _ in 0..<calls {
            let (ours, theirs) = try pair()
            defer {
                close(ours)
                close(theirs)
            }
            // Few at a time, so that none is dropped.
            for _ in 0..<perCall / 10 {
                used += ThreadTime.of { for _ in 0..<10 { _ = send(ours, packet, packet.count, 0) } }
                for _ in 0..<10 { _ = send(theirs, packet, packet.count, 0) }
                used += ThreadTime.of { for _ in 0..<10 { _ = recv(ours, &room, room.count, Int32(MSG_DONTWAIT)) } }
                for _ in 0..<10 { _ = recv(theirs, &room, room.count, Int32(MSG_DONTWAIT)) }
            }
        }
        return used / Double(calls * perCall)
    }

    /// Two sockets connected to each other.
    private static func pair() throws -> (Int32, Int32) {
        let (one, other) = (try bound(), try bound())
        try connect(one.descriptor, to: other.address)
        try connect(other.descriptor, to: one.address)
        return (one.descriptor, other.descriptor)
    }

    private static func bound() throws -> (descriptor: Int32, address: sockaddr_in) {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard code == 0 else { throw SignallingError.unexpected("no UDP socket on loopback") }
        return (descriptor, address)
    }

    private static func connect(_ descriptor: Int32, to address: sockaddr_in) throws {
        var address = address
        let code = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw SignallingError.unexpected("no UDP socket on loopback") }
    }
}
