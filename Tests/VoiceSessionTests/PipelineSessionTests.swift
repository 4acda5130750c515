import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing

@testable import VoiceSession

@Suite("Pipeline session: transports and lifecycle", .timeLimit(.minutes(1)))
struct PipelineSessionTests {
    private static let hello =
        #"{"type":"conversation.item.create","item":{"type":"message","role":"user","#
        + #""content":[{"type":"input_text","text":"hi"}]}}"#

    @Test("A text turn: the model's words come back as events, and the session ends when the client leaves")
    func textTurn() async {
        let test = SessionUnderTest { $0.outputModality = .text }
        await test.run(RecordingTransport()) { client in
            await client.next("session.created")
            client.give(Self.hello)
            client.give(#"{"type":"response.create"}"#)
            let call = await test.engine.model.called()
            #expect(call.request.items.count == 1)
            await call.do(.say(.text("Hello.")))
            #expect(await client.next("response.output_text.delta").contains("Hello."))
            call.go(.end(.stop))
            #expect(await client.next("response.done").contains("\"status\":\"completed\""))
        }
    }

    @Test("Every event has an id of its own")
    func eventIDs() async {
        let test = SessionUnderTest()
        let client = RecordingTransport()
        await test.run(client) { client in
            for _ in 0..<50 { client.give(#"{"type":"input_audio_buffer.clear"}"#) }
            for _ in 0..<50 { await client.next("input_audio_buffer.cleared") }
        }
        let ids = client.sent.compactMap { $0.text.split(separator: "\"event_id\":\"").last?.prefix { $0 != "\"" } }
        #expect(ids.count >= 52)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.hasPrefix("event_") })
    }

    @Test(
        "A message that is no event is answered by an error, and the session goes on",
        arguments: [
            (TransportMessage.Payload.binary([1, 2]), "invalid_event"), (.text(Array("{".utf8)), "invalid_json"),
        ])
    func noEvent(_ payload: TransportMessage.Payload, _ code: String) async {
        await SessionUnderTest().run(RecordingTransport()) { client in
            client.give(.message(TransportMessage(channel: 0, payload: payload)))
            #expect(await client.next("error").contains("\"code\":\"\(code)\""))
            client.give(#"{"type":"input_audio_buffer.clear"}"#)
            await client.next("input_audio_buffer.cleared")
        }
    }

    @Test("Events wait for the data channel to open, and go out on it in order")
    func lateChannel() async {
        let client = RecordingTransport(kind: .peer, media: RecordingMedia(), opens: false)
        await SessionUnderTest().run(client) { client in
            client.give(#"{"type":"input_audio_buffer.clear"}"#)
            client.give(.opened(channel: 7))
            await client.next("session.created")
            await client.next("input_audio_buffer.cleared")
        }
        #expect(client.sent.allSatisfy { $0.channel == 7 })
    }

    @Test("A client that never opens its channel is not held for ever: one event too many ends it")
    func channelNeverOpens() async {
        let machine = ScriptedMachine { input in
            switch input {
            case .attached: return Array(repeating: .emit(.inputAudioBufferCleared, to: .everyone), count: 257)
            case .detached: return [.closed(.clientLeft)]
            default: return []
            }
        }
        let client = RecordingTransport(opens: false)
        await SessionUnderTest(machine: machine).session.run(client)
        #expect(client.closeReasons.first == .overrun)
        #expect(client.sent.isEmpty)
    }

    @Test("A reader that is too slow ends the session with overrun, and nothing is left running")
    func slowReader() async {
        let test = SessionUnderTest()
        let client = RecordingTransport(capacity: 5)
        for _ in 0..<10 { client.give(#"{"type":"input_audio_buffer.clear"}"#) }
        // run returns only when every child task has ended.
        await test.session.run(client)
        #expect(await test.session.endReason == .overrun)
        #expect(client.sent.count == 5)
    }

    @Test("A sideband is told the session and sees its events but no audio, and its leaving ends nothing")
    func sideband() async {
        let test = SessionUnderTest()
        await test.run(RecordingTransport()) { client in
            await client.next("session.created")
            let sideband = RecordingTransport(kind: .sideband)
            let attached = Task { await test.session.attach(sideband) }
            await sideband.next("session.created")
            sideband.give(Self.hello)
            sideband.give(#"{"type":"response.create"}"#)
            let model = await test.engine.model.called()
            await model.do(.say(.text("Hello there.")))
            model.go(.end(.stop))
            let voice = await test.engine.voice.called()
            await voice.do(.say(SynthesizedAudio(samples: [Int16](repeating: 1, count: 2_400), words: [])))
            voice.go(.end)
            for transport in [client, sideband] { await transport.next("response.done") }
            #expect(client.count("response.output_audio.delta") == 1)
            #expect(sideband.count("response.output_audio.delta") == 0)
            #expect(sideband.count("response.output_audio.done") == 1)
            sideband.give(.departed(.goodbye))
            await attached.value
            client.give(#"{"type":"input_audio_buffer.clear"}"#)
            await client.next("input_audio_buffer.cleared")
        }
    }

    @Test("A sideband that has left leaves no child task behind")
    func sidebandLeaves() async {
        let test = SessionUnderTest()
        await test.run(RecordingTransport()) { client in
            await client.next("session.created")
            let sideband = RecordingTransport(kind: .sideband)
            sideband.give(.departed(.goodbye))
            await test.session.attach(sideband)
            #expect(await test.session.isReading(0))
            #expect(await !test.session.isReading(1))
        }
    }

    @Test("The end of the session ends a sideband, and one that comes after it is turned away")
    func sidebandEnds() async {
        let test = SessionUnderTest()
        let sideband = RecordingTransport(kind: .sideband)
        var attached: Task<Void, Never>?
        await test.run(RecordingTransport()) { client in
            await client.next("session.created")
            attached = Task { await test.session.attach(sideband) }
            await sideband.next("session.created")
        }
        await attached?.value
        #expect(!sideband.closeReasons.isEmpty)
        let late = RecordingTransport(kind: .sideband)
        await test.session.attach(late)
        #expect(late.closeReasons == [.clientLeft])
        #expect(late.sent.isEmpty)
    }

    @Test("Ending twice is ending once: a client that leaves while the server stops")
    func closingTwice() async {
        let machine = ScriptedMachine { input in
            switch input {
            case .end(let reason): [.closed(reason)]
            case .detached: [.closed(.clientLeft)]
            default: []
            }
        }
        let test = SessionUnderTest(machine: machine)
        let client = RecordingTransport()
        let running = Task { await test.session.run(client) }
        _ = await machine.log.next { if case .attached = $0 { true } else { false } }
        running.cancel()
        client.give(.departed(.goodbye))
        await running.value
        #expect(await test.session.endReason != nil)
        #expect(client.closeReasons.count <= 1)
        #expect(
            machine.log.all.count {
                switch $0 {
                case .end, .detached: true
                default: false
                }
            } == 1)
    }

    @Test("A machine that does not answer the end is ended all the same, and its client told")
    func stubbornMachine() async {
        // Each is cancelled while others run: the reader of a client may hear of it before the session does.
        await withDiscardingTaskGroup { group in
            for _ in 1...200 { group.addTask { await Self.cancelStubbornSession() } }
        }
    }

    private static func cancelStubbornSession() async {
        let machine = ScriptedMachine { _ in [] }
        let test = SessionUnderTest(machine: machine)
        let client = RecordingTransport()
        let running = Task { await test.session.run(client) }
        _ = await machine.log.next { if case .attached = $0 { true } else { false } }
        running.cancel()
        await running.value
        #expect(client.closeReasons == [.shutdown])
    }

    @Test("A deadline comes at its time on the session's clock, and an earlier one is not slept through")
    func deadlines() async {
        let clockwork = Clockwork()
        let machine = ScriptedMachine(clockwork) { input in
            if input == .deadline { clockwork.set(nil) }
            if case .detached = input { return [.closed(.clientLeft)] }
            return []
        }
        let test = SessionUnderTest(machine: machine)
        clockwork.set(test.clock.now + .seconds(60))
        await test.run(RecordingTransport()) { client in
            _ = await machine.log.next { if case .attached = $0 { true } else { false } }
            await test.clock.sleepers(1)
            clockwork.set(test.clock.now + .seconds(1))
            client.give(#"{"type":"input_audio_buffer.clear"}"#)
            _ = await machine.log.next { if case .client = $0 { true } else { false } }
            await test.clock.sleepers(1)
            test.clock.advance(by: .milliseconds(999))
            #expect(!machine.log.all.contains(.deadline))
            test.clock.advance(by: .milliseconds(1))
            _ = await machine.log.next { $0 == .deadline }
        }
    }
}

extension PipelineSession {
    fileprivate func isReading(_ transport: Int) -> Bool {
        children.isRunning(.events(TransportID(rawValue: transport)))
    }
}
