import Foundation
import Testing

@testable import ModelLibrary

@Suite("The catalog of models")
struct ModelCatalogTests {
    @Test("Every package and file is pinned by a whole SHA-256", arguments: ModelAsset.all.map(\.folder))
    func pinned(folder: String) throws {
        let asset = try #require(ModelAsset.all.first { $0.folder == folder })
        var hashes = asset.packages.map(\.sha256)
        if case .files(let files) = asset.contents { hashes += files.map(\.sha256) }
        #expect(!hashes.isEmpty)
        for hash in hashes {
            #expect(hash.count == 64)
            #expect(hash.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        }
    }

    @Test("Every profile has a model for each stage and two runtimes", arguments: ModelProfile.allCases)
    func profiles(profile: ModelProfile) {
        let assets = profile.assets
        #expect(Set(assets.map(\.folder)).count == assets.count)
        for asset in [ModelAsset.speechRuntime, .languageRuntime, .sileroVAD, .smartTurn] + [
            profile.recogniser, profile.languageModel,
        ] + profile.voices {
            #expect(assets.contains(asset), "\(asset.name)")
        }
        #expect(assets.allSatisfy(ModelAsset.all.contains))
    }

    @Test("Metadata of an ONNX model: field 14 with a key and a value, lengths of one and of two bytes")
    func metadata() {
        let short = ONNXMetadata.encoded([("a", "bc")])
        #expect(short == [0x72, 7, 0x0A, 1, 0x61, 0x12, 2, 0x62, 0x63])
        let long = ONNXMetadata.encoded([("k", String(repeating: "v", count: 300))])
        // 300 = 44 + 2 × 128; the entry has 306 bytes: 3 of the key, 3 before the value.
        #expect(Array(long.prefix(9)) == [0x72, 0xB2, 2, 0x0A, 1, 0x6B, 0x12, 0xAC, 2])
        #expect(long.count == 309)
    }

    @Test("A vocabulary in JSON becomes lines in the order of its numbers; anything else is refused")
    func jsonVocabulary() {
        #expect(FileRecipe.tokens(ofJSON: Data(#"{"b": 2, " ": 16, "a": 1}"#.utf8)) == "a 1\nb 2\n  16\n")
        #expect(FileRecipe.tokens(ofJSON: Data("[1]".utf8)) == nil)
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
