import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import Logging
import PeerTransport
import RealtimeProtocol

/// A conversation from the terminal.
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Call a server over WebRTC, say recordings, and hear the answers.",
        discussion: """
            Each --wav is one turn: it is sent in real time, then silence, and the next begins half a second after the answer
            was heard. Printed are both transcripts and when each step came after the end of speech.
            """)

    @Option(help: "A recording of speech: WAV, 16-bit PCM, mono, 8, 16, 24 or 48 kHz. Several make several turns.")
    var wav: [String]

    @Option(help: "Where the answers go: WAV, mono, 24 kHz, with the silence between them.")
    var out: String?

    @Option(help: "Where both sides go on one clock: WAV, stereo, the caller left and the answers right.")
    var record: String?

    @Option(help: "The server.")
    var url = "http://localhost:8080"

    @Option(help: "The model; without it the server's default.")
    var model: String?

    @Option(help: "An API key, where the server wants one; PARLEY_API_KEY in the environment does the same.")
    var key: String?

    @Option(help: "What the assistant is told it is.")
    var instructions: String?

    @Option(help: "The assistant's voice.")
    var voice: String?

    @Option(name: .customLong("turn-detection"), help: "semantic_vad or server_vad.")
    var turnDetection = "semantic_vad"

    @Flag(help: "Print one JSON object instead of words.")
    var json = false

    func run() async throws {
        do {
            try await call()
        } catch let code as ExitCode {
            throw code
        } catch {
            FileHandle.standardError.write(Data("parley call: \(words(error))\n".utf8))
            throw ExitCode.failure
        }
    }

    /// At 24 kHz, where the caller wants it.
    private func write(_ channels: [[Int16]], to path: String?) throws {
        guard let path else { return }
        do {
            try Data(WAVFile.encoded(channels, hertz: 24_000)).write(to: URL(filePath: path), options: .atomic)
        } catch {
            // What Foundation has no words for has them below.
            let cause = (error as? CocoaError)?.userInfo[NSUnderlyingErrorKey] as? POSIXError
            throw UnwritableRecording(
                path: path,
                reason: cause.map { String(cString: strerror($0.code.rawValue)) + "." } ?? error.localizedDescription)
        }
    }

    private func call() async throws {
        let utterances = try wav.map(utterance)
        try [out, record].compactMap { $0 }.forEach(checkWritable)
        guard let server = URL(string: url), server.host != nil else { throw ValidationError("\(url) is no URL.") }
        var audio = PeerConfiguration(audio: AudioSettings(rate: .hz24000, encoder: OpusEncoderSettings()))
        audio.loops = 1
        let endpoint = try PeerEndpoint(audio, logger: Logger(label: "parley.call") { _ in SwiftLogNoOpLogHandler() })
        let signalling = RealtimeSignalling(
            server: server, model: model, key: key ?? ProcessInfo.processInfo.environment["PARLEY_API_KEY"])
        let isSilent = json
        let report = try await SpokenCall.run(utterances, settings: settings, through: signalling, endpoint: endpoint) {
            turn in
            guard !isSilent else { return }
            print(turn.text)
            fflush(nil)
        }
        await endpoint.stop()
        // First, so that it is not lost where a recording cannot be written.
        print(json ? report.json : report.summary)
        try write([report.answer], to: out)
        try write([report.caller, report.answer], to: record)
        if report.turns.contains(where: { $0.status != "completed" }) { throw ExitCode.failure }
    }

    private func utterance(_ path: String) throws -> Utterance {
        let url = URL(filePath: path)
        let utterance = Utterance(name: url.lastPathComponent, samples: try SpeechFile.read(url, at: .hz24000))
        guard utterance.speechEnd > 0 else { throw ValidationError("\(path) is silent.") }
        return utterance
    }

    private var settings: CallSettings {
        var settings = CallSettings()
        if let instructions { settings.session["instructions"] = .string(instructions) }
        let detection = JSONObject([("type", .string(turnDetection))])
        var audio = JSONObject([("input", .object(JSONObject([("turn_detection", .object(detection))])))])
        if let voice { audio["output"] = .object(JSONObject([("voice", .string(voice))])) }
        settings.session["audio"] = .object(audio)
        return settings
    }

    private func words(_ error: any Error) -> String {
        switch error {
        case let error as SignallingError: error.words(url)
        case let error as SpeechFile.Failure: error.words
        case let error as ValidationError: error.message
        case let error as CallFailure: error.description
        case let error as UnwritableRecording:
            "\(error.path) cannot be written: \(error.reason) The call itself is above."
        case is URLError: "Nothing answers at \(url). Is `parley serve` running there? --url names another address."
        default: error.localizedDescription
        }
    }
}

private struct UnwritableRecording: Error {
    var path: String
    var reason: String
}

extension SignallingError {
    fileprivate func words(_ url: String) -> String {
        switch self {
        case .refused(401, _): "\(url) wants a key: --key, or PARLEY_API_KEY. `parley keys create` makes one."
        case .refused(let status, let body): "\(url) refuses the call with \(status): \(body)"
        case .unexpected(let words): "The call to \(url) \(words). Are UDP ports between here and there open?"
        }
    }
}
