import RealtimeProtocol

/// How many tokens a text may have, where nothing has counted them: four bytes each, and some around every item.
enum TokenEstimate {
    private static let bytesPerToken = 4
    private static let tokensAroundItem = 4
    /// One image, whatever its size.
    private static let tokensPerImage = 512

    static func tokens(bytes: Int) -> Int { (bytes + bytesPerToken - 1) / bytesPerToken }

    static func tokens(_ text: String) -> Int { tokens(bytes: text.utf8.count) }

    static func tokens(_ item: Item) -> Int {
        let images: Int
        let imageBytes: Int
        if case .message(let message) = item.body {
            let urls = message.content.compactMap { if case .inputImage(let url, _) = $0 { url } else { nil } }
            images = urls.count
            imageBytes = urls.reduce(0) { $0 + $1.utf8.count }
        } else {
            (images, imageBytes) = (0, 0)
        }
        return tokensAroundItem + images * tokensPerImage + tokens(bytes: item.contentBytes - imageBytes)
    }

    static func tokens(_ tool: Tool) -> Int {
        let bytes = tool.name.utf8.count + (tool.description?.utf8.count ?? 0) + (tool.parameters?.textBytes ?? 0)
        return tokensAroundItem + tokens(bytes: bytes)
    }
}

extension JSONValue {
    /// About how long it is as text.
    fileprivate var textBytes: Int {
        switch self {
        case .null, .bool, .integer, .number: 4
        case .string(let text): text.utf8.count + 2
        case .array(let values): values.reduce(2) { $0 + $1.textBytes + 1 }
        case .object(let object): object.members.reduce(2) { $0 + $1.name.utf8.count + $1.value.textBytes + 4 }
        }
    }
}
