import Glibc

/// An IPv4 address by which this machine reaches itself.
enum MachineAddress {
    static let loopback = "127.0.0.1"

    /// The first one of an interface that is up and not loopback, which some servers leave out; else loopback.
    static func first() -> String {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return loopback }
        defer { freeifaddrs(list) }
        var node = list
        while let interface = node?.pointee {
            node = interface.ifa_next
            let flags = Int32(bitPattern: interface.ifa_flags)
            guard flags & Int32(IFF_UP) != 0, flags & Int32(IFF_LOOPBACK) == 0,
                let address = interface.ifa_addr, address.pointee.sa_family == sa_family_t(AF_INET)
            else { continue }
            if let text = text(of: address) { return text }
        }
        return loopback
    }

    private static func text(of address: UnsafePointer<sockaddr>) -> String? {
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            address, socklen_t(MemoryLayout<sockaddr_in>.size), &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
