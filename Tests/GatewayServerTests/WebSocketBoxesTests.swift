import NIOConcurrencyHelpers
import NIOCore
import SessionEngine
import Testing
import VoiceSession

@testable import GatewayServer

@Suite("What waits between a WebSocket and its session")
struct WebSocketBoxesTests {
    @Test("A full inbox says so, and calls for more once half of it is taken")
    func inboxRoom() async throws {
        var limits = WebSocketLimits()
        limits.maxInboxMessages = 4
        let inbox = WebSocketInbox(limits: limits)
        let calls = NIOLockedValueBox(0)
        inbox.whenRoom { calls.withLockedValue { $0 += 1 } }
        #expect(!inbox.isFull)
        for number in 0..<3 { inbox.put(message("\(number)")) }
        // Three messages and the opening.
        #expect(inbox.isFull)
        #expect(await inbox.take() == .opened(channel: 0))
        #expect(calls.withLockedValue { $0 } == 0)
        #expect(await inbox.take() == .message(TransportMessage(message("0"))))
        #expect(calls.withLockedValue { $0 } == 1)
        #expect(!inbox.isFull)
        inbox.finish(.lost)
        inbox.put(message("late"))
        var rest: [TransportInput] = []
        while let input = await inbox.take() { rest.append(input) }
        #expect(rest.count == 3)
        #expect(rest.last == .departed(.lost))
    }

    @Test("A long message fills the inbox by its bytes")
    func inboxBytes() {
        var limits = WebSocketLimits()
        limits.maxInboxBytes = 10
        let inbox = WebSocketInbox(limits: limits)
        inbox.put(message("123456789"))
        #expect(!inbox.isFull)
        inbox.put(message("1"))
        #expect(inbox.isFull)
    }

    @Test("Whoever waits for a message goes on when one comes, and when he is cancelled")
    func inboxWaits() async {
        let inbox = WebSocketInbox(limits: WebSocketLimits())
        _ = await inbox.take()
        async let first = inbox.take()
        inbox.put(message("a"))
        let input = await first
        #expect(input == .message(TransportMessage(message("a"))))
        let waiting = Task { await inbox.take() }
        waiting.cancel()
        let nothing = await waiting.value
        #expect(nothing == nil)
    }

    private func message(_ text: String) -> WebSocketMessage {
        WebSocketMessage(isText: true, data: ByteBuffer(string: text), mask: nil)
    }

    @Test("A message over the outbox's limit drops what waited and closes with 1008")
    func overrun() throws {
        let outbox = WebSocketOutbox(maxBytes: 1000)
        #expect(outbox.put([UInt8](repeating: 1, count: 600)))
        #expect(!outbox.put([UInt8](repeating: 1, count: 600)))
        #expect(!outbox.put([1]))
        let (messages, close) = outbox.drain()
        #expect(messages.isEmpty)
        #expect(close == .slowReader)
    }

    @Test("Whoever waits for the outbox goes on when enough is written, and when it closes")
    func drained() async throws {
        let outbox = WebSocketOutbox(maxBytes: 1000)
        _ = outbox.put([UInt8](repeating: 1, count: 600))
        async let half: Void = outbox.drained(to: 300)
        async let end: Void = outbox.drained(to: 0)
        _ = outbox.drain()
        outbox.written(300)
        await half
        _ = outbox.close(.stopping)
        await end
        await outbox.drained(to: 0)
        let cancelled = Task { await WebSocketOutbox(maxBytes: 10).drained(to: -1) }
        cancelled.cancel()
        await cancelled.value
    }
}
