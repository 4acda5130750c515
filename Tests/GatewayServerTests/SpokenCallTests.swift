import AudioPipeline
import Foundation
import LoadGenerator
import Logging
import PeerTransport
import RealtimeProtocol
import ServiceLifecycle
import SpeechEngines
import Testing
import VoiceSession

@testable import GatewayServer

/// A synthetic peer speaks with the scripted engine over real ICE, DTLS, SRTP and SCTP on the loopback interface.
@Suite("Spoken calls over loopback", .serialized, .timeLimit(.minutes(2)))
struct SpokenCallTests {
    @Test("What is said becomes a turn, its transcript, and an answer that is heard")
    func turn() async throws {
        try await withCall(answer: "A short answer.") { call in
            await call.say(milliseconds: 800)
            await call.next("input_audio_buffer.speech_started")
            await call.next("input_audio_buffer.speech_stopped")
            await call.next("input_audio_buffer.committed")
            // Long before it is heard to its end, the answer is done.
            #expect(await call.next("response.output_audio_transcript.done").contains("A short answer."))
            await call.next("response.done")
            await call.next("output_audio_buffer.stopped")
            #expect(call.events.contains { $0.contains("output_audio_buffer.started") })
            #expect(call.events.contains { $0.contains("What was said.") && $0.contains("transcription.completed") })
            #expect(!call.events.contains { $0.contains("response.output_audio.delta") })
            // Three words of 300 ms, of which four fifths sound.
            #expect(abs(call.heardMs - 720) < 120)
        }
    }

    @Test("Speech over an answer stops it: the rest is never heard, and the item ends where the caller stopped hearing")
    func interruption() async throws {
        let words = (1...60).map { "word\($0)" }.joined(separator: " ")
        try await withCall(answer: words + ".") { call in
            await call.say(milliseconds: 800)
            await call.next("output_audio_buffer.started")
            await call.hear(milliseconds: 1_000)
            await call.say(milliseconds: 800)
            await call.next("input_audio_buffer.speech_started")
            await call.next("output_audio_buffer.cleared")
            let truncated = await call.next("conversation.item.truncated")
            let heardMs = call.heardMs
            #expect(heardMs < 60 * 240 / 2)
            let end = try #require(truncated.split(separator: "\"audio_end_ms\":").last?.prefix { $0.isNumber })
            // What has left is what arrives, but for frames under way; a fifth of each word is silent.
            #expect(abs(try #require(Int(end)) * 4 / 5 - heardMs) < 300)
            #expect(call.events.contains { $0.contains("\"reason\":\"turn_detected\"") })
        }
    }

    @Test("A caller that vanished in the middle of an answer comes back before it is missed, and hears the rest")
    func resumption() async throws {
        let words = (1...12).map { "word\($0)" }.joined(separator: " ")
        try await withCalls(answer: words + ".") { calls, endpoint in
            let place = Placing(calls: calls, endpoint: endpoint)
            var profile = ClientProfile()
            profile.wantsExtensions = true
            let (token, before) = try await place(profile, nil) { call in
                let offer = try #require(call.events.first?.split(separator: "\"token\":\"").last)
                let token = offer.prefix { $0 != "\"" }
                await call.say(milliseconds: 800)
                await call.next("output_audio_buffer.started")
                await call.hear(milliseconds: 700)
                await call.vanish()
                return (String(token), call.heardMs)
            }
            let after = try await place(profile, ResumeRequest(token: token)) { call in
                let created = try #require(call.events.first)
                #expect(created.contains("\"complete\":true") && !created.contains(token))
                await call.next("output_audio_buffer.started")
                await call.next("output_audio_buffer.stopped")
                return call.heardMs
            }
            // Twelve words of 300 ms, of which four fifths sound; what was under way or in doubt is said twice.
            #expect(before < 2_500)
            #expect(before + after > 12 * 240 - 150)
            await #expect(throws: CallError.self) { try await place(profile, ResumeRequest(token: token)) { _ in } }
        }
    }

    @Test("Both sides of a call are kept as they were heard, one after the other, on the clock of the events")
    func journal() async throws {
        let directory = try TemporaryDirectory()
        let configuration = try GatewayConfiguration(
            arguments: ["--journal-directory", directory.path, "--journal-audio", "true"])
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let journal = try #require(try Journal(configuration.journal, logger: logger))
        try await withCalls(answer: "A short answer.", journal: journal) { calls, endpoint in
            try await SpokenCall.with(InProcess(calls: calls), endpoint) { call in
                await call.say(milliseconds: 800)
                await call.next("output_audio_buffer.stopped")
            }
        }
        await journal.settle()
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        let stereo = try StereoFile(
            directory.path + "/" + (try #require(names.first { $0.hasSuffix(".wav") })))
        let caller = stereo.left.indices.filter { stereo.left[$0].magnitude > 1_500 }
        let answer = stereo.right.indices.filter { stereo.right[$0].magnitude > 1_500 }
        let (first, last) = (try #require(caller.first), try #require(caller.last))
        #expect(abs((last - first) / 24 - 800) < 40)
        #expect(last < (try #require(answer.first)))
        // Three words of 300 ms, the last fifth of each silent.
        #expect(abs((try #require(answer.last) - answer[0]) / 24 - 840) < 40)
        let lines = try String(
            contentsOfFile: directory.path + "/" + (try #require(names.first { $0.hasSuffix(".jsonl") })),
            encoding: .utf8)
        let started = try #require(lines.split(separator: "\n").first { $0.contains("speech_started") })
        let ms = try #require(Double(started.dropFirst(#"{"ms":"#.count).prefix { $0 != "," }))
        #expect(Int(ms) * 24 > first && Int(ms) * 24 < answer[0])
    }

    /// A call with an engine that hears one line and always says `answer`.
    private func withCall(answer: String, _ body: (SpokenCall) async throws -> Void) async throws {
        try await withCalls(answer: answer) { calls, endpoint in
            try await SpokenCall.with(InProcess(calls: calls), endpoint, body)
        }
    }

    /// Calls with an engine that hears one line and always says `answer`, and an endpoint for their callers.
    func withCalls(
        answer: String, journal: Journal? = nil, _ body: (any CallService, PeerEndpoint) async throws -> Void
    ) async throws {
        var script = Script()
        script.timing = Script.Timing(recogniserMs: 10, firstTokenMs: 10, tokenMs: 0, wordMs: 300)
        script.hears = [.transcript("What was said.")]
        script.rules = [Script.Rule(reply: [.say(answer)])]
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let configuration = try GatewayConfiguration(
            arguments: [], environment: [:])
        var audio = PeerConfiguration(audio: AudioSettings(rate: .hz24000, encoder: OpusEncoderSettings()))
        audio.ice.addresses = ["127.0.0.1"]
        audio.ice.tcp = false
        // Both sides share the endpoint: SCTP has one owner in a process.
        let endpoint = try PeerEndpoint(audio, logger: logger)
        let factory = SessionFactory(
            engine: EngineShelf(EngineCatalog(default: ScriptedEngine(script).engine)).engine(of:))
        let sessions = SessionRegistry(
            makeDriver: { id, configuration, owner, logger throws(ProtocolError) in
                try factory.makeDriver(id, configuration, owner: owner, logger: logger)
            }, models: [ScriptedEngine.name], maxCount: 0, grace: .seconds(30), journal: journal,
            logger: logger)
        let calls = CallRegistry(
            endpoint: endpoint, sessions: sessions, limits: configuration.calls, logger: logger)
        let group = ServiceGroup(services: [calls], logger: logger)
        let running = Task { try await group.run() }
        let result = await Result.catching { try await body(calls, endpoint) }
        await group.triggerGracefulShutdown()
        try await running.value
        try result.get()
    }
}

/// Places calls, one after the other.
private struct Placing {
    let calls: any CallService
    let endpoint: PeerEndpoint

    func callAsFunction<Value: Sendable>(
        _ profile: ClientProfile, _ resume: ResumeRequest?, _ body: (SpokenCall) async throws -> Value
    ) async throws -> Value {
        try await SpokenCall.with(InProcess(calls: calls, profile: profile, resume: resume), endpoint, body)
    }
}
