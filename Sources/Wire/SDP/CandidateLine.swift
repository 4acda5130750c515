/// The fields of an ICE candidate line that Parley looks at itself (RFC 8839 §5.1):
/// `candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type> ...`.
struct CandidateLine {
    var component: Int
    var transport: String
    var address: Substring
    var port: UInt16
    var type: Substring

    /// Nil when it is not such a line; `a=` before it is stepped over.
    init?(_ line: Substring) {
        let text = line.hasPrefix("a=") ? line.dropFirst(2) : line
        let fields = text.fields
        guard fields.count >= 8, fields[0].hasPrefix("candidate:"), fields[6] == "typ" else { return nil }
        guard let component = fields[1].decimal(as: Int.self), fields[3].decimal(as: UInt32.self) != nil,
            let port = fields[5].decimal(as: UInt16.self)
        else { return nil }
        self.component = component
        transport = fields[2].lowercased()
        address = fields[4]
        self.port = port
        type = fields[7]
    }

    /// A name only multicast DNS can resolve.
    var isMDNS: Bool { address.lowercased().hasSuffix(".local") }
}
