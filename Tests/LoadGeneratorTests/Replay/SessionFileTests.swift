import RealtimeProtocol
import Testing

@testable import LoadGenerator

@Suite("A session's file")
struct SessionFileTests {
    private static let created = #"{"ms": 0, "from": "server", "event": {"type": "session.created"}}"#
    private static let update = #"{"ms": 3.2, "from": "client", "event": {"type": "session.update"}}"#

    @Test("Each event has its time and sender, and each opening begins another session")
    func sessions() throws {
        let text = [
            #"{"parley_session": 1, "events": 4}"#, Self.created, Self.update,
            #"{"ms": 4, "from": "page", "event": {"type": "output_audio_buffer.started"}}"#, Self.created, "",
        ].joined(separator: "\r\n")
        let file = try SessionFile(Array(text.utf8))
        #expect(
            file.sessions.map { $0.map(\.type) } == [
                ["session.created", "session.update", "output_audio_buffer.started"], ["session.created"],
            ])
        #expect(file.sessions.first?.map(\.ms) == [0, 3.2, 4])
        #expect(file.sessions.first?.map(\.sender) == [.server, .client, .page])
    }

    @Test("What is broken is named with its line", arguments: brokenFiles)
    func broken(text: String, words: String) throws {
        let failure = try #require(throws: SessionFile.Failure.self) { try SessionFile(Array(text.utf8)) }
        #expect(failure.words.hasPrefix(words))
    }
}

private let head = #"{"parley_session": 1, "events": 1}"#
private let brokenFiles: [(String, String)] = [
    ("", "It is no session of the console"),
    ("{}", "It is no session of the console"),
    (#"{"parley_session": 2}"#, "It is no session of the console"),
    ("\u{0}\u{1}", "It is no session of the console"),
    (head + "\n{\"ms\": 0, \"from\": ", "Line 2 is not JSON"),
    (head + "\n\n{\"ms\": 0}", "Line 3 is no event"),
    (head + "\n{\"ms\": 1e30, \"from\": \"client\", \"event\": {\"type\": \"x\"}}", "Line 2 is no event"),
    (head + "\n7", "Line 2 is not JSON"),
    (head + "\n{\"ms\": 0, \"event\": {\"type\": \"x\"}}", "Line 2 does not say who sent its event"),
    (head, "It was cut short: its first line says 1 events, and there are 0."),
]
