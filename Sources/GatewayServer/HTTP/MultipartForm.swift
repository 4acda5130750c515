/// Why a body is not the form its Content-Type promises.
enum MultipartError: Error, Equatable {
    case badBoundary
    case noOpeningBoundary
    case noClosingBoundary
    case badPartHeader
    case tooManyParts(limit: Int)
}

/// The parts of a `multipart/form-data` body (RFC 7578, RFC 2046 §5.1.1), in order.
///
/// Line ends may be CRLF or bare LF. Preamble and epilogue are skipped. Any bytes are safe to parse.
struct MultipartForm: Equatable {
    /// One field.
    struct Part: Equatable {
        let name: String
        /// Lower case, without parameters.
        let contentType: String?
        let body: [UInt8]
    }

    static let maxParts = 16
    static let maxBoundaryBytes = 70

    private(set) var parts: [Part] = []

    init(_ body: [UInt8], boundary: String) throws(MultipartError) {
        guard (1...Self.maxBoundaryBytes).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ $0 >= 0x20 }) else {
            throw .badBoundary
        }
        let marker = Array("--".utf8) + Array(boundary.utf8)
        var partStart: Int?
        var cursor = 0
        while cursor < body.endIndex {
            let line = Self.line(of: body, at: cursor, end: body.endIndex)
            switch Self.delimiter(body[cursor..<line.contentEnd], marker) {
            case .none:
                break
            case .opens:
                try close(body, from: partStart, delimiterAt: cursor)
                partStart = line.next
            case .closes:
                guard partStart != nil else { throw .noOpeningBoundary }
                try close(body, from: partStart, delimiterAt: cursor)
                return
            }
            cursor = line.next
        }
        throw partStart == nil ? .noOpeningBoundary : .noClosingBoundary
    }

    /// The only part of this name; nil if there is none or more than one.
    func part(_ name: String) -> Part? {
        let found = parts.filter { $0.name == name }
        return found.count == 1 ? found.first : nil
    }

    private mutating func close(_ body: [UInt8], from start: Int?, delimiterAt end: Int) throws(MultipartError) {
        guard let start else { return }
        guard parts.count < Self.maxParts else { throw .tooManyParts(limit: Self.maxParts) }
        parts.append(try Part(body, start, Self.beforeLineEnd(body, end, notBefore: start)))
    }

    private enum Delimiter {
        case none
        case opens
        case closes
    }

    private static func delimiter(_ line: ArraySlice<UInt8>, _ marker: [UInt8]) -> Delimiter {
        guard line.starts(with: marker) else { return .none }
        var rest = line.dropFirst(marker.count)
        while let last = rest.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { rest.removeLast() }
        if rest.isEmpty { return .opens }
        return rest.elementsEqual("--".utf8) ? .closes : .none
    }

    /// The end of a line's text and the start of the next line.
    fileprivate static func line(of body: [UInt8], at start: Int, end: Int) -> (contentEnd: Int, next: Int) {
        guard let feed = body[start..<end].firstIndex(of: UInt8(ascii: "\n")) else { return (end, end) }
        let hasReturn = feed > start && body[feed - 1] == UInt8(ascii: "\r")
        return (hasReturn ? feed - 1 : feed, feed + 1)
    }

    /// The index before the CRLF or LF that ends just before `end`.
    private static func beforeLineEnd(_ body: [UInt8], _ end: Int, notBefore start: Int) -> Int {
        var end = end
        if end > start, body[end - 1] == UInt8(ascii: "\n") { end -= 1 }
        if end > start, body[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return end
    }
}

extension MultipartForm.Part {
    /// Headers, an empty line, the content; `start <= end` within the body.
    fileprivate init(_ body: [UInt8], _ start: Int, _ end: Int) throws(MultipartError) {
        var name: String?
        var contentType: String?
        var cursor = start
        while cursor < end {
            let line = MultipartForm.line(of: body, at: cursor, end: end)
            let text = String(decoding: body[cursor..<line.contentEnd], as: UTF8.self)
            cursor = line.next
            guard !text.isEmpty else {
                guard let name else { throw .badPartHeader }
                self.init(name: name, contentType: contentType, body: Array(body[cursor..<end]))
                return
            }
            guard let colon = text.firstIndex(of: ":") else { throw .badPartHeader }
            let header = MediaTypeHeader(String(text[text.index(after: colon)...]))
            switch text[..<colon].lowercased() {
            case "content-disposition": name = header.parameters["name"]
            case "content-type": contentType = header.value
            default: break
            }
        }
        throw .badPartHeader
    }
}
