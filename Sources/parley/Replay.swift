import ArgumentParser
import Foundation
import GatewayServer
import LoadGenerator

/// A session that the console or the journal has kept, had once more.
struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a session that the console or the journal has kept to a server again, and compare what comes.",
        discussion: """
            The events of the client go over WebSocket in their order, each once the new session has come as far as the recorded one
            had. What was spoken goes in writing, as it was understood then; where the server's journal has kept the sound of a WebRTC
            call (NAME.wav beside NAME.jsonl), its turns are said again. Printed are each turn then and now and how the server's
            events differ. The exit status is 1 when there was an error, or an answer failed, that the recording does not have.
            """)

    @Argument(help: "The file: Events, Save in the console, or one of journal.directory.")
    var file: String

    @Option(help: "The server.")
    var url = "http://localhost:8080"

    @Option(help: "The model; without it that of the recording.")
    var model: String?

    @Option(help: "An API key, where the server wants one; PARLEY_API_KEY in the environment does the same.")
    var key: String?

    func run() async throws {
        do {
            if try await !replay() { throw ExitCode.failure }
        } catch let code as ExitCode {
            throw code
        } catch {
            FileHandle.standardError.write(Data("parley replay: \(words(error))\n".utf8))
            throw ExitCode.failure
        }
    }

    /// Whether all sessions of the file went as well as then.
    private func replay() async throws -> Bool {
        let recorded = try read()
        let sound = recorded.count == 1 ? try sound() : nil
        let sessions = recorded.map { (events: $0, plan: ReplayPlan($0, sound: sound)) }
        guard let last = sessions.lastIndex(where: { !$0.plan.isEmpty }) else {
            throw ValidationError("\(file) has nothing that could be sent again.")
        }
        var isGood = true
        for (index, session) in sessions[...last].enumerated() where !session.plan.isEmpty {
            say("Session \(index + 1) of \(sessions.count). \(session.plan.words)")
            let report = try await replay(session.events, session.plan)
            if let refusal = report.refusal { throw RefusedSession(refusal) }
            say(report.text)
            isGood = isGood && report.isGood
        }
        return isGood
    }

    private func read() throws -> [[RecordedEvent]] {
        guard FileManager.default.fileExists(atPath: file) else { throw ValidationError("There is no file \(file).") }
        return try SessionFile(Array(try Data(contentsOf: URL(filePath: file)))).sessions
    }

    /// What the journal has kept beside the events.
    private func sound() throws -> CallerSound? {
        let url = URL(filePath: file).deletingPathExtension().appendingPathExtension("wav")
        return FileManager.default.fileExists(atPath: url.path) ? try CallerSound(url) : nil
    }

    private func replay(_ events: [RecordedEvent], _ plan: ReplayPlan) async throws -> ReplayReport {
        guard !plan.isTranscription else {
            throw ValidationError("\(file) is of a transcription session: it is all sound, and the file has none.")
        }
        let socket = try await RealtimeSocket.open(
            url, model: model ?? plan.model ?? "gpt-realtime",
            key: key ?? ProcessInfo.processInfo.environment["PARLEY_API_KEY"])
        let line = SessionLine(next: { await socket.next() }, send: { socket.send($0) }, close: { socket.close() })
        return await SessionReplay.run(events, plan: plan, over: line) { say($0) }
    }

    private var wantsKey: String {
        "\(url) wants a key: --key, or PARLEY_API_KEY. `parley keys create` makes one."
    }

    private func words(_ error: any Error) -> String {
        switch error {
        case let error as SessionFile.Failure: "\(file) cannot be read. \(error.words)"
        case let error as SpeechFile.Failure: error.words
        case let error as RefusedSession where error.wantsKey: wantsKey
        case let error as RefusedSession: "\(url) refuses the session: \(error.words)"
        case let error as RealtimeSocket.Failure where error.wantsKey: wantsKey
        case let error as RealtimeSocket.Failure: "\(url): \(error.words) --url names another address."
        case let error as ValidationError: error.message
        default: error.localizedDescription
        }
    }
}

/// The server's first word was no.
private struct RefusedSession: Error {
    let words: String
    let wantsKey: Bool

    init(_ refusal: ReplayReport.Refusal) {
        words = refusal.message
        wantsKey = refusal.code == "invalid_api_key"
    }
}

/// Seen at once, also through a pipe. What others wrote cannot steer the terminal.
private func say(_ words: String) {
    let visible = words.unicodeScalars.map {
        $0.properties.generalCategory == .control && $0 != "\n" ? "\u{FFFD}" : $0
    }
    print(String(String.UnicodeScalarView(visible)))
    fflush(nil)
}
