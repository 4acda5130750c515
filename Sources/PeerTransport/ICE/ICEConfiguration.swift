import CNice
import Glibc

/// How local candidates are found and shown (RFC 8445 §5.1.1).
package struct ICEConfiguration: Sendable {
    /// A TURN server and how to reach it (RFC 8656). `host` is an IP address or a name, resolved at the start.
    package struct TURNServer: Sendable, Equatable {
        package enum Transport: Sendable, Equatable { case udp, tcp }
        package var host: String
        package var port: UInt16
        package var username: String
        package var password: String
        package var transport: Transport

        package init(host: String, port: UInt16, username: String, password: String, transport: Transport) {
            self.host = host
            self.port = port
            self.username = username
            self.password = password
            self.transport = transport
        }
    }

    package struct STUNServer: Sendable, Equatable {
        package var host: String
        package var port: UInt16

        package init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }
    }

    /// Local addresses to offer; empty means every interface, loopback only when there is no other.
    package var addresses: [String] = []
    /// Shown beside each IPv4 host candidate, for a 1:1 NAT that forwards the same ports.
    package var publicAddress: String?
    package var portRange: ClosedRange<UInt16>?
    package var stunServer: STUNServer?
    package var turnServers: [TURNServer] = []
    /// Offer passive TCP candidates (RFC 6544).
    package var tcp = true
    /// Packets come when the kernel took them in, not when a tick reads them: for synthetic peers that measure.
    package var timesArrivalsByKernel = false
    /// How long an answer may wait for STUN and TURN servers.
    package var gatherTimeout = Duration.milliseconds(500)

    package init() {}

    /// The addresses candidates are made on: those configured, else those of the interfaces.
    func localAddresses() -> [String] {
        guard addresses.isEmpty else { return addresses }
        let outside = Self.interfaceAddresses(includingLoopback: false)
        return outside.isEmpty ? Self.interfaceAddresses(includingLoopback: true) : outside
    }

    /// Link-local IPv6 addresses are left out: without a zone they lead nowhere (RFC 6724).
    private static func interfaceAddresses(includingLoopback: Bool) -> [String] {
        var list = nice_interfaces_get_local_ips(includingLoopback ? 1 : 0)
        let first = list
        defer { g_list_free_full(first) { g_free($0) } }
        var addresses: [String] = []
        while let node = list {
            if let text = node.pointee.data?.assumingMemoryBound(to: CChar.self) {
                let address = String(cString: text)
                if !address.lowercased().hasPrefix("fe80") { addresses.append(address) }
            }
            list = node.pointee.next
        }
        return addresses
    }

    /// The first IP address of `host`, which may be one already; nil when it does not resolve.
    package static func resolve(_ host: String) -> String? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var result: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &result) == 0, let first = result else { return nil }
        defer { freeaddrinfo(result) }
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            first.pointee.ai_addr, first.pointee.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
