/// Edits of candidate lines (RFC 8839 §5.1): "candidate:foundation component transport priority address port typ …".
enum CandidateLine {
    private static let addressField = 4
    private static let typeField = 7

    /// The same host candidate under `publicAddress`, for a 1:1 NAT; nil for other types and for IPv6.
    static func mapped(_ line: String, to publicAddress: String) -> String? {
        var fields = line.split(separator: " ").map(String.init)
        guard fields.count > typeField, fields[typeField] == "host", !fields[addressField].contains(":"),
            fields[addressField] != publicAddress
        else { return nil }
        fields[0] += "nat"
        fields[addressField] = publicAddress
        return fields.joined(separator: " ")
    }
}
