import AudioPipeline
import Dispatch
import Foundation
import LoadGenerator
import Logging
import RealtimeProtocol
import Testing
import VoiceSession

@testable import GatewayServer

@Suite("The journal's sound")
struct JournalSoundTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.path + "/kept/" + name }

    private func journal() throws -> Journal {
        let configuration = try GatewayConfiguration(
            arguments: ["--journal-directory", directory.path + "/kept", "--journal-audio", "true"])
        return try #require(
            try Journal(
                configuration.journal, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })))
    }

    private func block(_ samples: [Int16]) -> PCMBlock {
        PCMBlock(samples: samples, rate: .hz24000, start: SampleIndex(rawValue: 0))
    }

    @Test("A marker at a known time of either side is at that time in the file, which is whole after each change")
    func alignment() throws {
        let kept = try JournalDirectory(directory.path + "/kept")
        var file = SoundFile(try kept.make("a", .sound))
        var sound = RecordedSound()
        let generation = Generation(rawValue: 1)
        func pass(_ input: RecordedSound.Input, _ ms: Int) throws {
            for change in sound.handle(input, now: .milliseconds(ms)) { try file.make(change) }
            try file.settle()
        }
        try pass(.queued([Int16](repeating: -30, count: 480), generation), 900)
        try pass(.played([PlayedAudio(generation: generation, samples: 480)]), 1_500)
        #expect(try StereoFile(path("a.wav")).left.count == 36_480)
        try pass(.heard(block([Int16](repeating: 20, count: 480))), 1_020)
        try pass(.heard(block([Int16](repeating: 21, count: 48_000))), 4_000)
        file.close()
        let stereo = try StereoFile(path("a.wav"))
        #expect(stereo.hertz == 24_000 && stereo.left.count == 96_000 && stereo.right.count == 96_000)
        #expect(stereo.right.indices.filter { stereo.right[$0] == -30 } == Array(36_000..<36_480))
        #expect(stereo.left.indices.filter { stereo.left[$0] == 20 } == Array(24_000..<24_480))
        #expect(stereo.left.indices.filter { stereo.left[$0] == 21 } == Array(48_000..<96_000))
        #expect(stereo.left.count { $0 == 0 } == 96_000 - 480 - 48_000)
    }

    @Test("Deletion takes the sound too, of a session that runs as well, which is not kept any further")
    func deletion() async throws {
        let journal = try journal()
        let session = SessionID("sess_1")
        journal.begin(session, call: nil)
        let file = try #require(journal.file(of: session))
        file.add(Array(#"{"type":"error"}"#.utf8), from: .server)
        file.sound?.heard(block([1, 2, 3]))
        file.add(Array(#"{"type":"error"}"#.utf8), from: .server)
        await journal.settle()
        #expect(try StereoFile(path("sess_1.wav")).left.suffix(3) == [1, 2, 3])
        let attributes = try FileManager.default.attributesOfItem(atPath: path("sess_1.wav"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try await journal.remove("sess_1"))
        file.sound?.heard(block([1, 2, 3]))
        file.add(Array(#"{"type":"error"}"#.utf8), from: .server)
        await journal.settle()
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/kept").isEmpty)
    }

    @Test("Sound is removed when its time is over, as events are")
    func retention() throws {
        let kept = try JournalDirectory(directory.path + "/kept")
        let now = Date()
        for (name, hours) in [("old", 2.0), ("new", 0.5)] {
            for (kind, suffix) in [(JournalDirectory.Kind.events, ".jsonl"), (.sound, ".wav")] {
                try kept.make(name, kind).close()
                try FileManager.default.setAttributes(
                    [.modificationDate: now - hours * 3_600], ofItemAtPath: path(name + suffix))
            }
        }
        #expect(try kept.removeOlder(than: now - 3_600) == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: kept.path).sorted() == ["new.jsonl", "new.wav"])
    }

    @Test("A full disk is an error, and not one without words")
    func full() throws {
        var file = SoundFile(try #require(FileHandle(forUpdatingAtPath: "/dev/full")))
        #expect(throws: (any Error).self) { try file.make(.sound(.client, at: 0, [1, 2, 3])) }
    }

    @Test("Where sound cannot be written it ends, and the events go on")
    func disk() async throws {
        let journal = try journal()
        let session = SessionID("sess_1")
        journal.begin(session, call: nil)
        let file = try #require(journal.file(of: session))
        try FileManager.default.createDirectory(atPath: path("sess_1.wav"), withIntermediateDirectories: false)
        file.sound?.heard(block([1, 2, 3]))
        file.add(Array(#"{"type":"one"}"#.utf8), from: .server)
        await journal.settle()
        #expect(file.sound?.isOpen == false)
        file.sound?.heard(block([1, 2, 3]))
        file.add(Array(#"{"type":"two"}"#.utf8), from: .server)
        journal.end(session)
        await journal.settle()
        let bytes = try #require(FileManager.default.contents(atPath: path("sess_1.jsonl")))
        #expect(try SessionFile(Array(bytes)).sessions.first?.count == 2)
    }

    @Test("What finds no room is left out, and what follows stands in its place")
    func backlog() async throws {
        let queue = DispatchQueue(label: "test")
        let gate = DispatchSemaphore(value: 0)
        queue.async { gate.wait() }
        let kept = try JournalDirectory(directory.path + "/kept")
        let sound = JournalSound(
            "a", began: .now, in: kept, on: queue,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let generation = Generation(rawValue: 1)
        sound.queued([Int16](repeating: 1, count: 2_000_000), generation)
        sound.queued([Int16](repeating: 2, count: 500_000), generation)
        sound.queued([3, 3, 3], generation)
        sound.played([PlayedAudio(generation: generation, samples: 2_500_003)])
        gate.signal()
        sound.close()
        await withCheckedContinuation { done in queue.async { done.resume() } }
        let right = try StereoFile(path("a.wav")).right
        let begin = try #require(right.firstIndex(of: 1))
        #expect(
            Array(right[begin...]).elementsEqual(
                [Int16](repeating: 1, count: 2_000_000) + [Int16](repeating: 0, count: 500_000) + [3, 3, 3]))
    }

    @Test("A recording has its longest length and no more; the session's events go on")
    func length() throws {
        let kept = try JournalDirectory(directory.path + "/kept")
        let queue = DispatchQueue(label: "test")
        let sound = JournalSound(
            "a", began: .now - .seconds(2 * 3_600 + 1), in: kept, on: queue,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        sound.heard(block([1, 2, 3]))
        queue.sync { sound.write() }
        #expect(!sound.isOpen)
        #expect(!FileManager.default.fileExists(atPath: path("a.wav")))
    }

    @Test("Nothing of sound is kept where it is not asked for")
    func off() throws {
        let configuration = try GatewayConfiguration(arguments: ["--journal-directory", directory.path + "/kept"])
        let journal = try #require(try Journal(configuration.journal, logger: Logger(label: "test")))
        journal.begin(SessionID("sess_1"), call: nil)
        #expect(journal.file(of: SessionID("sess_1"))?.sound == nil)
    }

    @Test("Over a WebSocket both sides' sound is kept, and forgotten with the events")
    func route() async throws {
        let arguments = ["--journal-directory", directory.path + "/kept", "--journal-audio", "true"]
        try await RunningGateway.with(arguments) { gateway in
            let socket = try await RawWebSocket.connect(gateway.http)
            #expect(try await socket.receive().string == "session")
            for text in [
                #"{"type":"input_audio_buffer.append","audio":"AQACAA=="}"#,
                // The scripted session says it again.
                #"{"type":"response.output_audio.delta","item_id":"a","delta":"AwAEAA=="}"#,
            ] {
                try await socket.send(text)
                _ = try await socket.receive()
            }
            try await socket.sendClose(1000)
            _ = try await socket.receiveClose()
            while gateway.sessions.clients.isEmpty { await Task.yield() }
            _ = await gateway.sessions.departures(1)
            let sound = try #require(try await settled().first { $0.hasSuffix(".wav") })
            let stereo = try StereoFile(path(sound))
            #expect(stereo.left.filter { $0 != 0 } == [1, 2] && stereo.right.filter { $0 != 0 } == [3, 4])
            let name = sound.dropLast(".wav".count)
            #expect(try await gateway.http.send("DELETE", "/v1/realtime/journal/\(name)").status == 204)
            #expect(try await settled().isEmpty)
        }
    }

    /// What is in the directory once the sound of a session that has ended is there, or nothing is.
    private func settled() async throws -> [String] {
        while true {
            let names = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/kept")
            if names.isEmpty { return names }
            if let sound = names.first(where: { $0.hasSuffix(".wav") }),
                let stereo = try? StereoFile(path(sound)), stereo.right.contains(4)
            {
                return names
            }
            await Task.yield()
        }
    }
}

/// A WAV file of two channels as it is on the disk.
struct StereoFile {
    let hertz: Int
    let left: [Int16]
    let right: [Int16]

    init(_ path: String) throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        func number(_ offset: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        try #require(bytes.count >= 44 && bytes.starts(with: "RIFF".utf8))
        try #require(number(22, 2) == 2 && number(34, 2) == 16)
        hertz = number(24, 4)
        let length = number(40, 4)
        try #require(number(4, 4) == length + 36 && bytes.count >= 44 + length)
        let samples = (0..<length / 2).map { Int16(truncatingIfNeeded: number(44 + 2 * $0, 2)) }
        left = stride(from: 0, to: samples.count, by: 2).map { samples[$0] }
        right = stride(from: 1, to: samples.count, by: 2).map { samples[$0] }
    }
}
