import Foundation
import LoadGenerator
import Logging
import RealtimeProtocol
import Testing

@testable import GatewayServer

@Suite("Journal")
struct JournalTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func settings(hours: Int = 1) throws -> [String] {
        ["--journal-directory", directory.path + "/kept", "--journal-retention-hours", String(hours)]
    }

    private func file(_ name: String) -> String { directory.path + "/kept/\(name).jsonl" }

    private func journal() throws -> Journal {
        let configuration = try GatewayConfiguration(arguments: settings())
        return try #require(
            try Journal(
                configuration.journal, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })))
    }

    @Test("An event is one line with its time and its sender; sound and what resumes a session are left out")
    func line() throws {
        func written(_ text: String) -> String? {
            JournalLine.event(Array(text.utf8)).map {
                String(decoding: JournalLine.line($0, from: .client, ms: 12.345), as: UTF8.self)
            }
        }
        let append = "{\n \"type\": \"input_audio_buffer.append\", \"audio\": \"AAAA\"}"
        #expect(written(append) == #"{"ms":12.3,"from":"client","event":{"type":"input_audio_buffer.append"}}"# + "\n")
        #expect(
            written(#"{"type":"response.output_audio.delta","delta":"AAAA","item_id":"i"}"#)
                == #"{"ms":12.3,"from":"client","event":{"type":"response.output_audio.delta","item_id":"i"}}"# + "\n")
        #expect(
            written(#"{"type":"x","item":{"content":[{"type":"input_audio","audio":"AAAA","transcript":"Hi"}]}}"#)
                == #"{"ms":12.3,"from":"client","event":{"type":"x","item":{"content":[{"type":"input_audio","transcript":"Hi"}]}}}"#
                + "\n")
        #expect(
            written(#"{"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcmu"}}}}}"#)?
                .contains("audio/pcmu") == true)
        #expect(
            written(#"{"type":"x","parley":{"resume":{"token":"t"}}}"#)
                == #"{"ms":12.3,"from":"client","event":{"type":"x"}}"# + "\n")
        #expect(written("no JSON") == nil)
    }

    @Test("The file is a session file for parley replay, readable by nobody else, and is forgotten by the call's name")
    func file() async throws {
        let journal = try journal()
        let call = CallID.random()
        let session = SessionID("sess_1")
        journal.begin(session, call: call)
        let lines = try #require(journal.file(of: session))
        lines.add(Array(#"{"type":"session.created"}"#.utf8), from: .server)
        lines.add(Array(#"{"type":"response.create"}"#.utf8), from: .client)
        journal.end(session)
        #expect(journal.file(of: session) == nil)
        lines.add(Array(#"{"type":"late"}"#.utf8), from: .server)
        await journal.settle()
        let bytes = try #require(FileManager.default.contents(atPath: file(call.rawValue)))
        let events = try #require(try SessionFile(Array(bytes)).sessions.first)
        #expect(events.map(\.sender) == [.server, .client])
        #expect(events.map(\.event["type"]) == [.string("session.created"), .string("response.create")])
        let attributes = try FileManager.default.attributesOfItem(atPath: file(call.rawValue))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try await journal.remove(call.rawValue))
        #expect(try await !journal.remove(call.rawValue))
        #expect(!FileManager.default.fileExists(atPath: file(call.rawValue)))
    }

    @Test("A session that runs is forgotten too, and is not kept any further")
    func running() async throws {
        let journal = try journal()
        let session = SessionID("sess_2")
        journal.begin(session, call: nil)
        journal.file(of: session)?.add(Array(#"{"type":"error"}"#.utf8), from: .server)
        #expect(try await journal.remove("sess_2"))
        journal.file(of: session)?.add(Array(#"{"type":"error"}"#.utf8), from: .server)
        await journal.settle()
        #expect(!FileManager.default.fileExists(atPath: file("sess_2")))
    }

    @Test("No name leads out of the directory", arguments: ["", "..", "../secret", "a/b", "secret.jsonl", "%2e%2e"])
    func names(name: String) async throws {
        let journal = try journal()
        _ = try directory.file("secret.jsonl", "kept")
        #expect(try await !journal.remove(name))
        #expect(FileManager.default.fileExists(atPath: directory.path + "/secret.jsonl"))
    }

    @Test("Files are removed when their time is over, others are not")
    func retention() throws {
        let kept = try JournalDirectory(directory.path + "/kept")
        let now = Date()
        for (name, hours) in [("old", 2.0), ("new", 0.5)] {
            try kept.make(name, .events).close()
            try FileManager.default.setAttributes(
                [.modificationDate: now - hours * 3_600], ofItemAtPath: file(name))
        }
        _ = try directory.file("kept/notes.txt", "somebody else's")
        #expect(try kept.removeOlder(than: now - 3_600) == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: kept.path).sorted() == ["new.jsonl", "notes.txt"])
    }

    @Test("A directory that cannot be made stops the start with the key's name")
    func noDirectory() throws {
        let path = try directory.file("taken", "a file")
        let configuration = try GatewayConfiguration(arguments: ["--journal-directory", path])
        #expect {
            _ = try Journal(configuration.journal, logger: Logger(label: "test"))
        } throws: { error in
            guard case GatewayError.badDirectory(key: "journal.directory", path: path, _)? = error as? GatewayError
            else { return false }
            return true
        }
    }

    @Test("Over a WebSocket both sides' events are kept, and are forgotten for who has a key")
    func route() async throws {
        let words = Array(#"{"type":"hello"}"#.utf8)
        try await RunningGateway.with(settings() + ["--auth-keys", "key-one"]) { gateway in
            let socket = try await RawWebSocket.connect(gateway.http, headers: [("Authorization", "Bearer key-one")])
            #expect(try await socket.receive().string == "session")
            try await socket.send(String(decoding: words, as: UTF8.self))
            _ = try await socket.receive()
            try await socket.sendClose(1000)
            _ = try await socket.receiveClose()
            let kept = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/kept")
            let name = String(try #require(kept.first).dropLast(".jsonl".count))
            let path = "/v1/realtime/journal/\(name)"
            let text = try String(contentsOfFile: file(name), encoding: .utf8)
            #expect(text.split(separator: "\n").map { $0.contains(#""type":"hello""#) } == [false, true, true])
            #expect(try await gateway.http.send("DELETE", path).status == 401)
            let bearer = [("Authorization", "Bearer key-one")]
            #expect(try await gateway.http.send("DELETE", path, headers: bearer).status == 204)
            #expect(try await gateway.http.send("DELETE", path, headers: bearer).status == 404)
            #expect(!FileManager.default.fileExists(atPath: file(name)))
        }
    }
}
