import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import ModelLibrary
import SpeechEngines

/// Where the recordings and the models are.
struct Recordings: ParsableArguments {
    @Option(help: "Folder of the recordings, with spoken/manifest.tsv.")
    var speech = "../shared/speech"

    @Option(help: "Folder of the models; by default where `parley models fetch` puts them.")
    var models = ModelDirectory.defaultPath(environment: ProcessInfo.processInfo.environment)

    @Option(help: "The labelled pauses.")
    var pauses = "Benchmarks/TurnBench/pauses.tsv"

    /// Mono Int16 at 16 kHz.
    func read(_ recording: String) throws -> [Int16] {
        try SpeechFile.read(URL(filePath: speech).appending(path: recording + ".wav"), at: .hz16000)
    }

    func ears() throws -> LocalEars { try LocalEars.load(from: ModelDirectory(path: models)) }

    func labelled() throws -> [Pause] { try Pause.read(URL(filePath: pauses)) }

    /// The turn up to the pause: its last 30 ms fade, in ends and holds alike, so that a cut is not heard as one.
    func turn(before pause: Pause) throws -> [Int16] {
        let all = try read(pause.recording)
        var turn = Array(all[min(pause.startMs * 16, all.count)..<min(pause.endMs * 16, all.count)])
        let fade = min(480, turn.count)
        for index in 0..<fade {
            let place = turn.count - 1 - index
            turn[place] = Int16(Double(turn[place]) * Double(index) / Double(fade))
        }
        return turn
    }
}

/// The noise of a quiet room, -80 dBFS, the same each time.
func roomNoise(_ count: Int) -> [Int16] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
        // A sum of uniform numbers is near enough to a Gaussian one.
        let sum = (0..<4).reduce(0) { sum, _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return sum + Int(state >> 61) - 3
        }
        return Int16(clamping: sum / 2)
    }
}
