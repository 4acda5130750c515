import Glibc
import NIOPosix
import RealtimeProtocol
import SessionEngine

/// Finds the address that a tool server is connected to, and refuses one inside our own network: the name is looked up once,
/// here, and the connection goes to the very address that was looked at, whatever the name means a moment later.
package struct AddressGuard: Sendable {
    /// The addresses of a host.
    package typealias Resolve = @Sendable (_ host: String) async throws -> [NetworkAddress]

    /// Hosts, names or numbers, that may have a private address.
    private let privateHosts: Set<String>
    private let resolve: Resolve

    package init(privateHosts: Set<String>, resolve: @escaping Resolve = AddressGuard.lookUp) {
        self.privateHosts = privateHosts
        self.resolve = resolve
    }

    /// The first address that may be connected to.
    func address(of url: ServerURL) async throws(MCPError) -> NetworkAddress {
        let found: [NetworkAddress]
        do {
            found = try await resolve(url.host)
        } catch {
            throw .http(code: 0, message: "The server's name has no address.")
        }
        guard let first = found.first else { throw .http(code: 0, message: "The server's name has no address.") }
        if privateHosts.contains(url.host) { return first }
        guard let allowed = found.first(where: \.isPublic) else {
            throw .http(
                code: 0, message: "The server's address is a private one, which this gateway does not connect to.")
        }
        return allowed
    }

    /// By the system's resolver, on a thread where it may wait.
    package static let lookUp: Resolve = { host in
        if let address = NetworkAddress(host) { return [address] }
        return try await NIOThreadPool.singleton.runIfActive { addresses(of: host) }
    }

    private static func addresses(of host: String) -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [NetworkAddress] = []
        var entry = list
        while let info = entry?.pointee {
            if let address = info.ai_addr.flatMap({ NetworkAddress($0, length: Int(info.ai_addrlen)) }) {
                addresses.append(address)
            }
            entry = info.ai_next
        }
        return addresses
    }
}

extension NetworkAddress {
    /// Of a socket address.
    fileprivate init?(_ socket: UnsafeMutablePointer<sockaddr>, length: Int) {
        let bytes = UnsafeRawPointer(socket)
        switch Int32(socket.pointee.sa_family) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            self.init(
                bytes: withUnsafeBytes(of: bytes.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) })
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            self.init(
                bytes: withUnsafeBytes(of: bytes.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) })
        default: return nil
        }
    }
}
