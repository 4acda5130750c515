/// An m= line and the lines under it (RFC 8866 §5.14): `m=<media> <port> <proto> <fmt> ...`.
struct SDPSection: Sendable {
    var kind: Substring
    var port: UInt16
    var protocolName: Substring
    /// Never empty.
    var formats: [Substring]
    var attributes: [SDPAttribute] = []

    /// Nil when it is not an m= line's value.
    init?(mediaLine: Substring) {
        let fields = mediaLine.fields
        guard fields.count >= 4, let port = fields[1].cut(at: UInt8(ascii: "/")).head.decimal(as: UInt16.self) else {
            return nil
        }
        kind = fields[0]
        self.port = port
        protocolName = fields[2]
        formats = Array(fields[3...])
    }

    /// The media identification tag (RFC 5888 §4); nil when there is none.
    var mid: Substring? {
        guard let mid = attributes.value("mid"), !mid.isEmpty else { return nil }
        return mid
    }
}
