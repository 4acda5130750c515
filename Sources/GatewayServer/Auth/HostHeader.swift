import NIOCore

/// `host[:port]` of a Host header (RFC 9110 §7.2), lower case, IPv6 without its brackets.
struct HostHeader: Equatable {
    let host: String
    let port: UInt16?

    /// Nil if the text is no host and port.
    init?(_ text: String) {
        let lower = text.lowercased()
        var rest: Substring
        if lower.hasPrefix("[") {
            guard let end = lower.firstIndex(of: "]") else { return nil }
            host = String(lower[lower.index(after: lower.startIndex)..<end])
            rest = lower[lower.index(after: end)...]
        } else {
            host = String(lower.prefix { $0 != ":" })
            rest = lower.dropFirst(host.count)
        }
        guard !host.isEmpty else { return nil }
        if rest.isEmpty {
            port = nil
        } else {
            guard rest.removeFirst() == ":", let number = UInt16(rest) else { return nil }
            port = number
        }
    }

    var isLoopback: Bool { Self.isLoopback(host) }

    /// `localhost` or a numeric loopback address; any other name could be rebound to us.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "localhost." { return true }
        let address = (try? SocketAddress(ipAddress: host, port: 0))?.ipAddress
        return address == "::1" || address?.hasPrefix("127.") == true
    }
}

/// An Origin header (RFC 6454 §7) other than `null`: scheme and host.
struct OriginHeader: Equatable {
    let scheme: String
    let host: HostHeader

    init?(_ text: String) {
        guard let mark = text.firstRange(of: "://"), let host = HostHeader(String(text[mark.upperBound...])) else {
            return nil
        }
        scheme = text[..<mark.lowerBound].lowercased()
        guard !scheme.isEmpty, !host.host.contains("/") else { return nil }
        self.host = host
    }

    /// A page that this machine itself served.
    var isLoopbackPage: Bool { (scheme == "http" || scheme == "https") && host.isLoopback }
}
