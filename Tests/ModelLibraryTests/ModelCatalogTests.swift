import Testing

@testable import ModelLibrary

@Suite("The catalog of models")
struct ModelCatalogTests {
    @Test("Every package and file is pinned by a whole SHA-256", arguments: ModelAsset.all)
    func pinned(asset: ModelAsset) {
        var hashes = asset.packages.map(\.sha256)
        if case .files(let files) = asset.contents { hashes += files.map(\.sha256) }
        #expect(!hashes.isEmpty)
        for hash in hashes {
            #expect(hash.count == 64)
            #expect(hash.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        }
    }

    @Test("Moonshine's vocabulary: one-byte lengths, two-byte lengths, empty entries")
    func vocabulary() {
        let long = [UInt8](repeating: 0x61, count: 300)
        // 300 = 44 + 2 × 128; the high bit of 0xAC says that a second byte follows.
        let binary: [UInt8] = [2, 0x68, 0x69, 0, 0xAC, 2] + long
        let lines = MoonshineVocabulary.tokens(binary)?.split(separator: "\n").map(String.init)
        #expect(lines?.count == 3)
        #expect(lines?[0] == "aGk= 0")
        #expect(lines?[1] == " 1")
        #expect(lines?[2] == String(repeating: "YWFh", count: 100) + " 2")
    }

    @Test("A vocabulary that is cut off is refused", arguments: [[3, 0x61], [0x80], [0x85, 1, 0x61]] as [[UInt8]])
    func cutVocabulary(binary: [UInt8]) {
        #expect(MoonshineVocabulary.tokens(binary) == nil)
    }
}
