import AudioPipeline
import Foundation
import LoadGenerator
import Testing

@Suite("Speech files")
struct SpeechFileTests {
    @Test("A file that is not there is named by its path")
    func missing() {
        let url = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString).wav")
        let error = #expect(throws: SpeechFile.Failure.self) { try SpeechFile.read(url, at: .hz24000) }
        #expect(error == .missing(url.path))
        #expect(error?.words == "There is no file \(url.path).")
    }
}
