import AudioPipeline
import SessionEngine
import Testing
import VoiceSession

@Suite("Loopback driver")
struct LoopbackDriverTests {
    @Test("Messages come back on their channel, and the session ends with the transport")
    func messagesComeBack() async {
        let transport = RecordingTransport()
        transport.give(.message(TransportMessage(channel: 3, payload: .text([1, 2]))))
        transport.give(.departed(.goodbye))
        await LoopbackDriver().run(transport)
        #expect(transport.sent == [TransportMessage(channel: 3, payload: .text([1, 2]))])
    }

    @Test("Audio in events comes back as deltas, the rest as it is")
    func audioComesBack() async {
        let transport = RecordingTransport()
        transport.give(#"{"type":"input_audio_buffer.append","audio":"AQID"}"#)
        transport.give(#"{"type":"input_audio_buffer.append","audio":"?"}"#)
        transport.give(#"{"type":"input_audio_buffer.commit"}"#)
        transport.give(.departed(.goodbye))
        await LoopbackDriver().run(transport)
        let texts = transport.sent.map(\.text)
        #expect(texts.count == 3)
        #expect(texts.first?.hasPrefix(#"{"type":"response.output_audio.delta","event_id":"event_"#) == true)
        #expect(texts.first?.hasSuffix(#""delta":"AQID"}"#) == true)
        #expect(texts.last == #"{"type":"input_audio_buffer.commit"}"#)
    }

    @Test("A second of audio and more comes back in messages its client takes")
    func longAudio() async {
        let transport = RecordingTransport(maxMessageBytes: 60_000)
        let audio = String(repeating: "AAAA", count: 25_000)
        transport.give(#"{"type":"input_audio_buffer.append","audio":"\#(audio)"}"#)
        transport.give(.departed(.goodbye))
        await LoopbackDriver().run(transport)
        #expect(transport.count("response.output_audio.delta") == transport.sent.count)
        #expect(transport.sent.count > 1)
        #expect(transport.sent.allSatisfy { $0.text.utf8.count <= 60_000 })
    }
}
