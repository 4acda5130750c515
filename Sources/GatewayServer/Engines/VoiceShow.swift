import AudioPipeline
import Foundation
import Glibc
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

    /// Speaks a text, or a sentence of its own, into a WAV file (16-bit PCM, mono, 24 kHz).
    package func sample(_ name: String, saying text: String?, to path: String) async throws -> Cost {
        let made = Mutex<(samples: [Int16], first: Duration?)>(([], nil))
        let start = Self.processorTime
        do {
            let request = SpeechRequest(clause: 0, text: text ?? Self.sentence, voice: .named(name), speed: 1)
            try await synthesizer.speak(request) { audio in
                made.withLock {
                    $0.samples += audio.samples
                    $0.first = $0.first ?? Self.processorTime - start
                }
            }
        } catch {
            throw GatewayError.engine(error.message)
        }
        let whole = Self.processorTime - start
        let (samples, first) = made.withLock { $0 }
        try Data(WAVFile.encoded([samples], hertz: 24_000)).write(to: URL(fileURLWithPath: path))
        return Cost(speech: .seconds(Double(samples.count) / 24_000), whole: whole, first: first ?? whole)
    }

    /// What a sample took of the processor, on all cores together.
    package struct Cost: CustomStringConvertible {
        package var speech: Duration
        package var whole: Duration
        /// Until the first sound was there.
        package var first: Duration

        package var description: String {
            String(
                format: "%.2f s of speech in %.3f s of processor time, the first after %.0f ms", speech / .seconds(1),
                whole / .seconds(1), first / .milliseconds(1))
        }
    }

    /// POSIX counts it in millionths of a second.
    private static var processorTime: Duration { .microseconds(clock()) }
}
