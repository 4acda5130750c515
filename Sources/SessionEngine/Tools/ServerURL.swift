/// The address of a server, `http(s)://host:port/path`, read strictly: what is not plain in it is refused, so that nobody after
/// us can read it in another way (RFC 3986; user names, fragments and escapes in the host are left out).
package struct ServerURL: Hashable, Sendable {
    package let isSecure: Bool
    /// Lower case; IPv6 without its brackets.
    package let host: String
    package let port: Int
    /// With its query; begins with a slash.
    package let path: String

    package init?(_ text: String) {
        guard text.utf8.allSatisfy(Self.isPlain) else { return nil }
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, ["http", "https"].contains(parts[0].lowercased()) else { return nil }
        isSecure = parts[0].lowercased() == "https"
        let start = parts[1].firstIndex { $0 == "/" || $0 == "?" } ?? parts[1].endIndex
        let rest = String(parts[1][start...])
        path = rest.hasPrefix("/") ? rest : "/" + rest
        guard let authority = Self.authority(parts[1][..<start]) else { return nil }
        host = authority.host
        port = authority.port ?? (isSecure ? 443 : 80)
    }

    /// The one way of writing it.
    package var text: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isSecure ? "https" : "http")://\(name):\(port)\(path)"
    }

    private static func authority(_ text: Substring) -> (host: String, port: Int?)? {
        let host: Substring
        let rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
            guard host.contains(":"),
                host.utf8.allSatisfy({ isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { return nil }
        } else {
            let end = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<end]
            rest = text[end...]
            guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(isOfName), !host.hasPrefix("."),
                !host.hasPrefix("-")
            else { return nil }
        }
        guard !rest.isEmpty else { return (host.lowercased(), nil) }
        guard rest.hasPrefix(":"), let port = Int(rest.dropFirst()), (1...65_535).contains(port) else { return nil }
        return (host.lowercased(), port)
    }

    /// Printable ASCII but what has a meaning of its own somewhere.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !#""<>\^`{|}#@"#.utf8.contains(byte)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        "0123456789abcdefABCDEF".utf8.contains(byte)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
