import ArgumentParser
import Foundation
import SpeechEngines

/// Makes the set of labelled pauses out of the recordings.
///
/// The end of a recording is the end of a turn, but for the incomplete ones of the manifest, where more would follow.
/// Pauses inside sentences are cut at dips of the loudness between two words: what the recogniser hears before the cut must
/// be the first words of what it hears in the whole. In long readings the reader's own pauses are taken as well.
struct Label: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the set of labelled pauses (once; it is committed).")

    @OptionGroup var recordings: Recordings

    private static let cutsPerRecording = 3
    private static let longRecordingMs = 6_000

    func run() async throws {
        let transcriber = try recordings.ears().transcriber
        var pauses: [Pause] = []
        for recording in try all() {
            let sound = try recordings.read(recording.name)
            let loudness = Loudness(of: sound)
            if loudness.lengthMs > Self.longRecordingMs {
                pauses += loudness.silences(ofAtLeastMs: 150).map {
                    Pause(
                        recording: recording.name, voice: recording.voice, startMs: max(0, $0 - 7_000), endMs: $0,
                        isEnd: false)
                }
            } else if !recording.isIncomplete {
                for cut in try await cuts(sound, loudness, transcriber) {
                    pauses.append(
                        Pause(
                            recording: recording.name, voice: recording.voice, startMs: 0, endMs: cut, isEnd: false))
                }
            }
            let end = loudness.endMs
            pauses.append(
                Pause(
                    recording: recording.name, voice: recording.voice, startMs: max(0, end - 7_000), endMs: end,
                    isEnd: !recording.isIncomplete))
        }
        let text = ([Pause.header] + pauses.map(\.line)).joined(separator: "\n") + "\n"
        try text.write(toFile: recordings.pauses, atomically: true, encoding: .utf8)
        print("\(pauses.count) pauses, \(pauses.count { $0.isEnd }) of them ends")
    }

    private func cuts(
        _ sound: [Int16], _ loudness: Loudness, _ transcriber: any Transcriber
    ) async throws -> [Int] {
        let whole = words(try await transcriber.transcribe(sound, nil, onDelta: { _ in }).text)
        var found: [(words: Int, ms: Int)] = []
        for dip in loudness.dips {
            let before = Array(sound[..<(dip * 16)]) + roomNoise(3_200)
            let heard = words(try await transcriber.transcribe(before, nil, onDelta: { _ in }).text)
            guard !heard.isEmpty, heard.count + 2 <= whole.count, Array(whole.prefix(heard.count)) == heard,
                found.last?.words != heard.count
            else { continue }
            found.append((heard.count, dip))
        }
        // The last ones: the more has been said, the more it may be all.
        return found.suffix(Self.cutsPerRecording).map(\.ms)
    }

    private func words(_ text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'") }.map(String.init)
    }

    private func all() throws -> [(name: String, voice: String, isIncomplete: Bool)] {
        let folder = URL(filePath: recordings.speech)
        let manifest = try String(contentsOf: folder.appending(path: "spoken/manifest.tsv"), encoding: .utf8)
        let spoken = manifest.split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: "\t").map(String.init)
            return ("spoken/" + fields[0].dropLast(4), fields[2], fields[1] == "I")
        }
        let people = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".wav") }
        return spoken + people.sorted().map { (String($0.dropLast(4)), "person " + $0.prefix(5), false) }
    }
}
