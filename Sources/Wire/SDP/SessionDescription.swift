/// A session description as lines: what RFC 8866 §5 says of any SDP, with no idea yet of what is agreed.
struct SessionDescription: Sendable {
    static let maximumBytes = 65_536
    static let maximumSections = 64
    static let maximumCandidates = 256

    private(set) var attributes: [SDPAttribute] = []
    private(set) var sections: [SDPSection] = []

    /// Takes CRLF and LF line ends, blank lines, and a last line without an end.
    init(parsing text: String) throws(SDPError) {
        try Self.check(text)
        let bytes = text.utf8.span
        var (lineNumber, start) = (0, 0)
        for end in 0...bytes.count where end == bytes.count || bytes[end] == UInt8(ascii: "\n") {
            lineNumber += 1
            let isCRLF = end > start && bytes[end - 1] == UInt8(ascii: "\r")
            let line = text[...].part(start..<(isCRLF ? end - 1 : end))
            start = end + 1
            if !line.isEmpty { try read(line, number: lineNumber) }
        }
        guard !sections.isEmpty else { throw .noMedia }
        try checkMediaIdentifiers()
        try checkCandidates()
    }

    private static func check(_ text: String) throws(SDPError) {
        let bytes = text.utf8
        guard bytes.count <= maximumBytes else { throw .tooLong(bytes: bytes.count, limit: maximumBytes) }
        let start = bytes.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        if start.first == UInt8(ascii: "{") || start.first == UInt8(ascii: "\"") { throw .looksLikeJSON }
        let version = start.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard Substring(version).trimmed == "v=0" else { throw .notSDP }
        let span = bytes.span
        for index in span.indices {
            let byte = span[index]
            guard byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else { throw .notSDP }
        }
    }

    private mutating func read(_ line: Substring, number: Int) throws(SDPError) {
        let (head, tail) = line.cut(at: UInt8(ascii: "="))
        let type = head.trimmed
        guard let value = tail, type.utf8.count == 1, !value.utf8.contains(0x0D) else {
            throw .malformedLine(number: number)
        }
        switch type {
        case "m":
            guard sections.count < Self.maximumSections else { throw .tooManySections(limit: Self.maximumSections) }
            guard let section = SDPSection(mediaLine: value) else { throw .malformedMediaLine(number: number) }
            sections.append(section)
        case "a" where sections.isEmpty: attributes.append(SDPAttribute(value))
        case "a": sections[sections.count - 1].attributes.append(SDPAttribute(value))
        default: break
        }
    }

    private func checkCandidates() throws(SDPError) {
        let levels = [attributes] + sections.map(\.attributes)
        let count = levels.reduce(0) { sum, level in sum + level.count { $0.name == "candidate" } }
        guard count <= Self.maximumCandidates else { throw .tooManyCandidates(limit: Self.maximumCandidates) }
    }

    private func checkMediaIdentifiers() throws(SDPError) {
        var seen: Set<Substring> = []
        for (index, section) in sections.enumerated() {
            guard let mid = section.mid else { continue }
            guard seen.insert(mid).inserted else { throw .duplicateMediaIdentifier(section: index + 1) }
        }
    }
}
