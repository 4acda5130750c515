import Foundation

/// What a GGUF file says of itself before its weights (the GGUF specification, versions 2 and 3).
package struct GGUFHeader: Equatable, Sendable {
    /// `general.name`.
    package var name: String?
    /// `general.license`.
    package var licence: String?
    package var architecture: String
    /// Tokens of context it was trained with.
    package var contextTokens: Int?
    /// Whether it brings the form of a conversation; a model without one only goes on with a text.
    package var hasChatTemplate: Bool

    private static let magic = Array("GGUF".utf8)
    private static let versions: ClosedRange<UInt64> = 2...3

    /// Reads the header only; the file is mapped.
    package init(path: String) throws(ModelError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        guard data.starts(with: Self.magic) else { throw .malformed(path: path, reason: "it is no GGUF file") }
        guard let header = Self(parsing: data) else {
            throw .malformed(path: path, reason: "its GGUF header is cut off or of an unknown version")
        }
        self = header
    }

    init?(parsing data: Data) {
        var reader = GGUFReader(data: data, position: Self.magic.count)
        guard let version = reader.integer(bytes: 4), Self.versions.contains(version), reader.integer(bytes: 8) != nil,
            let count = reader.integer(bytes: 8)
        else { return nil }
        var texts: [String: String] = [:]
        var integers: [String: UInt64] = [:]
        for _ in 0..<count {
            guard let key = reader.text(), let type = reader.integer(bytes: 4) else { return nil }
            switch type {
            case GGUFReader.stringType:
                guard let text = reader.text() else { return nil }
                texts[key] = text
            case 4, 10:
                guard let value = reader.integer(bytes: type == 4 ? 4 : 8) else { return nil }
                integers[key] = value
            default:
                guard reader.skip(type) else { return nil }
            }
        }
        guard let architecture = texts["general.architecture"] else { return nil }
        self.architecture = architecture
        name = texts["general.name"]
        licence = texts["general.license"]
        contextTokens = integers["\(architecture).context_length"].map { Int(clamping: $0) }
        hasChatTemplate = texts["tokenizer.chat_template"] != nil
    }
}

/// Reads little-endian values; nil at the end of the data.
private struct GGUFReader {
    static let stringType: UInt64 = 8
    private static let arrayType: UInt64 = 9
    private static let sizes: [UInt64: Int] = [
        0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8,
    ]

    let data: Data
    var position: Int

    mutating func integer(bytes: Int) -> UInt64? {
        guard bytes <= data.count - position else { return nil }
        var value: UInt64 = 0
        for index in (0..<bytes).reversed() { value = value << 8 | UInt64(data[data.startIndex + position + index]) }
        position += bytes
        return value
    }

    mutating func text() -> String? {
        guard let start = pass(length: integer(bytes: 8)) else { return nil }
        return String(decoding: data[data.startIndex + start..<data.startIndex + position], as: UTF8.self)
    }

    /// Passes a value of the type.
    mutating func skip(_ type: UInt64) -> Bool {
        switch type {
        case Self.stringType: return pass(length: integer(bytes: 8)) != nil
        case Self.arrayType: return skipArray()
        default:
            guard let size = Self.sizes[type] else { return false }
            return pass(length: UInt64(size)) != nil
        }
    }

    private mutating func skipArray() -> Bool {
        guard let type = integer(bytes: 4), let count = integer(bytes: 8) else { return false }
        if let size = Self.sizes[type] {
            let (bytes, overflow) = count.multipliedReportingOverflow(by: UInt64(size))
            return !overflow && pass(length: bytes) != nil
        }
        guard type == Self.stringType else { return false }
        for _ in 0..<count {
            guard skip(type) else { return false }
        }
        return true
    }

    /// Where the bytes begin that are passed.
    private mutating func pass(length: UInt64?) -> Int? {
        guard let length, length <= UInt64(data.count - position) else { return nil }
        let start = position
        position += Int(length)
        return start
    }
}
