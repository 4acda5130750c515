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
}
