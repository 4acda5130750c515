import Foundation
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import Synchronization

/// The voices of the embedded engine for a person who chooses one: what there are, and how they sound.
package struct VoiceShow: Sendable {
    private static let sentence =
        "Hello! I am one of the voices you can choose from. It's 9:45, the train to Dover costs $12.50, and nobody is late."

    private let synthesizer: any Synthesizer
    private let table: VoiceTable

    /// Loads the voice that the configuration names.
    ///
    /// - Throws: `GatewayError.engine` for a model that is missing, wrong or has no voices.
    package init(_ configuration: GatewayConfiguration) throws {
        do {
            synthesizer = try LocalEngine.loadVoice(
                from: configuration.models.directory, configuration.models.settings)
        } catch {
            throw GatewayError.engine("\(error); `parley models fetch` brings what is missing")
        }
        table = synthesizer.voices ?? VoiceTable(entries: [], realtime: [:])
    }

    /// Every voice there is, and which one speaks for each name of the Realtime API.
    package var list: String {
        let names = table.entries.map(\.name)
        let width = (names + VoiceTable.realtimeNames).map(\.count).max() ?? 0
        let padded = { (name: String) in name + String(repeating: " ", count: width - name.count) }
        let voices = table.entries.map { "  \(padded($0.name))  \($0.description)" }
        let mapping = table.mapping.map { "  \(padded($0.name))  \($0.voice)" }
        return
            (["Voices, by their own names:"] + voices + ["The names of the Realtime API, and who speaks for them:"]
            + mapping + ["Any other name is spoken by \(names[table.defaultIndex]), and that is logged."])
            .joined(separator: "\n")
    }

    /// Names that may be sampled.
    package var names: [String] { table.entries.map(\.name) }

    package func knows(_ name: String) -> Bool { table.index(of: .named(name)) != nil }

    /// Speaks a sentence into a WAV file (16-bit PCM, mono, 24 kHz).
    package func sample(_ name: String, to path: String) async throws {
        let samples = Mutex<[Int16]>([])
        do {
            let request = SpeechRequest(clause: 0, text: Self.sentence, voice: .named(name), speed: 1)
            try await synthesizer.speak(request) { audio in samples.withLock { $0 += audio.samples } }
        } catch {
            throw GatewayError.engine(error.message)
        }
        try WaveFile.encoded(samples.withLock { $0 }, hertz: 24_000).write(to: URL(fileURLWithPath: path))
    }
}

/// A WAV file of 16-bit PCM, mono (RIFF WAVE, Microsoft 1991).
enum WaveFile {
    static func encoded(_ samples: [Int16], hertz: Int) -> Data {
        let dataBytes = samples.count * 2
        var file = Data("RIFF".utf8) + bytes(36 + dataBytes, 4) + Data("WAVEfmt ".utf8) + bytes(16, 4)
        // PCM, one channel, rate, bytes per second, bytes and bits per sample.
        file += bytes(1, 2) + bytes(1, 2) + bytes(hertz, 4) + bytes(hertz * 2, 4) + bytes(2, 2) + bytes(16, 2)
        file += Data("data".utf8) + bytes(dataBytes, 4)
        for sample in samples { file += bytes(Int(UInt16(bitPattern: sample)), 2) }
        return file
    }

    private static func bytes(_ value: Int, _ count: Int) -> Data {
        Data((0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }
}
