import Foundation

/// Moonshine's binary vocabulary: one byte string after another, each after its length (one byte below 128, else the low
/// seven bits of the first and the second times 128).
enum MoonshineVocabulary {
    /// "base64 index" per line, as sherpa-onnx reads it; nil when the last string is cut off.
    static func tokens(_ binary: [UInt8]) -> String? {
        var text = ""
        var (position, index) = (0, 0)
        while position < binary.count {
            var length = Int(binary[position])
            position += 1
            if length >= 128 {
                guard position < binary.count else { return nil }
                length += Int(binary[position]) * 128 - 128
                position += 1
            }
            guard length <= binary.count - position else { return nil }
            text += "\(Data(binary[position..<position + length]).base64EncodedString()) \(index)\n"
            position += length
            index += 1
        }
        return text
    }
}
