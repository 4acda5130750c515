import Foundation
import ModelLibrary
import RealtimeProtocol
import SessionEngine
import Synchronization
import Testing

@testable import SpeechEngines

/// Kokoro and Moonshine base, through the same roads as any model directory.
@Suite("The models of the profile quality", .serialized)
struct QualityModelTests {
    private static let areThere =
        LocalModels.directory.isPresent(.kokoro)
        && LocalModels.directory.isPresent(.moonshineBase)
    private static let skipped: Comment =
        "SKIPPED, nothing is shown: the models are not fetched (parley models fetch --models-profile quality)"

    private static func source(_ settings: LocalEngine.Settings) throws -> LocalSpeech.Source {
        let directory = LocalModels.directory
        return LocalSpeech.Source(
            directory: directory,
            runtime: try ONNXRuntime(path: directory.path(.speechRuntime, "libonnxruntime.so")),
            lane: InferenceLane(name: "test", niceness: 0, capacity: 16), settings: settings)
    }

    @Test(
        "What Kokoro's voices say, the bigger Moonshine hears; unknown voices speak as the default",
        .enabled(if: areThere, skipped), arguments: ["marin", "cedar", "bf_emma", "nobody"])
    func roundTrip(voice: String) async throws {
        let speech = try LocalSpeech(Self.source(LocalEngine.Settings()), .quality)
        let samples = Mutex<[Int16]>([])
        let words = Mutex<[WordTiming]>([])
        try await speech.synthesizer.speak(
            SpeechRequest(clause: 0, text: "The train leaves at 5:30 tomorrow.", voice: .named(voice), speed: 1)
        ) { audio in
            samples.withLock { $0 += audio.samples }
            words.withLock { $0 += audio.words }
        }
        let spoken = samples.withLock { $0 }
        let heard = try await speech.transcriber.transcribe(
            spoken.indices.filter { $0 % 3 != 2 }.map { spoken[$0] }, nil, onDelta: { _ in })
        #expect(heard.text.lowercased().contains("train leaves at"), "\(heard.text)")
        #expect(words.withLock { $0.map(\.text) } == ["The", "train", "leaves", "at", "5:30", "tomorrow."])
        #expect(words.withLock { $0.last?.endMs } == spoken.count / 24)
    }

    @Test("The same models named as directories do the same", .enabled(if: areThere, skipped))
    func asDirectories() async throws {
        let directory = LocalModels.directory
        let settings = LocalEngine.Settings(
            profile: .standard, recogniser: directory.folder(of: .moonshineBase).path,
            voice: directory.folder(of: .kokoro).path)
        let speech = try LocalSpeech(Self.source(settings), .standard)
        #expect(speech.synthesizer.voices?.entries.count == 54)
        let pace = try await speech.pace()
        #expect(pace.recogniser > 0 && pace.voice > 0)
    }
}
