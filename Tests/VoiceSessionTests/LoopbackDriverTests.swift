import AudioPipeline
import RealtimeProtocol
import SessionEngine
import Testing
import VoiceSession

@Suite("Loopback driver")
struct LoopbackDriverTests {
    private static let driver = LoopbackDriver(
        Session(
            id: SessionID("sess_1"), expiresAt: 1,
            configuration: SessionConfiguration(kind: .realtime, model: LoopbackDriver.model)))

    @Test("Messages of a peer come back on their channel, and nothing else; the session ends with the transport")
    func messagesComeBack() async {
        let media = RecordingMedia()
        let transport = RecordingTransport(kind: .peer, media: media)
        transport.give(.message(TransportMessage(channel: 3, payload: .text([1, 2]))))
        transport.give(.departed(.goodbye))
        media.end()
        await Self.driver.run(transport)
        #expect(transport.sent == [TransportMessage(channel: 3, payload: .text([1, 2]))])
    }

    @Test("Audio in events comes back as deltas, the rest as it is")
    func audioComesBack() async {
        let transport = RecordingTransport()
        transport.give(#"{"type":"input_audio_buffer.append","audio":"AQID"}"#)
        transport.give(#"{"type":"input_audio_buffer.append","audio":"?"}"#)
        transport.give(#"{"type":"input_audio_buffer.commit"}"#)
        transport.give(.departed(.goodbye))
        await Self.driver.run(transport)
        let texts = transport.sent.map(\.text)
        #expect(texts.count == 4)
        #expect(texts.first?.hasPrefix(#"{"type":"session.created","event_id":"event_"#) == true)
        #expect(texts.first?.contains(#""id":"sess_1""#) == true)
        #expect(
            texts.dropFirst().first?.hasPrefix(#"{"type":"response.output_audio.delta","event_id":"event_"#) == true)
        #expect(texts.dropFirst().first?.hasSuffix(#""delta":"AQID"}"#) == true)
        #expect(texts.last == #"{"type":"input_audio_buffer.commit"}"#)
    }

    @Test("A second of audio and more comes back in messages its client takes")
    func longAudio() async {
        let transport = RecordingTransport(maxMessageBytes: 60_000)
        let audio = String(repeating: "AAAA", count: 25_000)
        transport.give(#"{"type":"input_audio_buffer.append","audio":"\#(audio)"}"#)
        transport.give(.departed(.goodbye))
        await Self.driver.run(transport)
        #expect(transport.count("response.output_audio.delta") == transport.sent.count - 1)
        #expect(transport.sent.count > 2)
        #expect(transport.sent.allSatisfy { $0.text.utf8.count <= 60_000 })
    }
}
