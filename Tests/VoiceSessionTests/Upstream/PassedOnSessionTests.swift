import Logging
import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing
import VoiceSession

@Suite("Sessions that are passed on, as they are made", .timeLimit(.minutes(1)))
struct PassedOnSessionTests {
    @Test("What its client may name holds for every update, and what others spend of its key ends its answer")
    func owner() async throws {
        let (upstream, clock) = (FakeUpstream(), ManualClock())
        let account = AccountID("key")
        let ledger = BudgetLedger(limit: Money(nanos: 1_000), period: .seconds(60), now: { clock.now })
        var settings = SessionFactory.Settings()
        settings.upstreams = ["mine": [try #require(UpstreamEndpoint("ws://localhost:9/v1/realtime#big"))]]
        settings.connector = upstream
        settings.ledger = ledger
        let rates = PriceTable.Rates()
        settings.prices = { _ in SessionPrices(own: PriceTable(input: rates, cached: rates, output: rates)) }
        settings.toolServers = MCPAllowList(hosts: ["*"])
        let factory = SessionFactory(
            engine: { _ throws(ProtocolError) in SuspendedEngine().engine }, settings: settings, clock: clock)
        let session = try factory.makeDriver(
            SessionID("sess_ours"), SessionConfiguration(kind: .realtime, model: "mine"),
            owner: SessionOwner(namesAddresses: false, account: account), logger: Logger(label: "test"))
        let transport = RecordingTransport()
        let running = Task { await session.run(transport) }
        let socket = await upstream.nextSocket()
        socket.greet()
        await transport.next("session.created")
        transport.give(
            #"{"type":"session.update","session":{"tools":[{"type":"mcp","server_label":"a","server_url":"https://a.example/"}]}}"#
        )
        #expect(await transport.next("error").contains("not its address"))
        socket.say(#"{"type":"response.created","response":{"id":"r1"}}"#)
        await transport.next("response.created")
        ledger.charge(Money(nanos: 1_000), to: account)
        #expect(await socket.next("response.cancel")?.contains(#""response_id":"r1""#) == true)
        transport.give(.departed(.goodbye))
        await running.value
    }
}
