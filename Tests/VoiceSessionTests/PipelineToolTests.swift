import RealtimeProtocol
import SessionEngine
import SpeechEngines
import TestKit
import Testing

@testable import VoiceSession

@Suite("Pipeline session: tools of MCP servers", .timeLimit(.minutes(1)))
struct PipelineToolTests {
    private static let server = ServerURL("https://tools.example/mcp").map { MCPServer(label: "tools", url: $0) }
    private static let (list, call) = (ItemID("item_list"), ItemID("item_call"))
    private static let commit = #"{"type":"input_audio_buffer.commit"}"#
    private static let clear = #"{"type":"input_audio_buffer.clear"}"#

    @Test("A tool runs beside the session, which goes on meanwhile; what it gives is told to the machine")
    func runs() async throws {
        let server = try #require(Self.server)
        let tools = SuspendedTools()
        let machine = ScriptedMachine { input in
            switch input {
            case .attached: [.listTools(Self.list, server)]
            case .toolsListed: [.callTool(Self.call, server, name: "time", arguments: "{}")]
            case .detached: [.closed(.clientLeft)]
            default: []
            }
        }
        let log = machine.log
        await SessionUnderTest(machine: machine, tools: tools).run(RecordingTransport()) { client in
            let listed = await log.next { if case .toolsListed = $0 { true } else { false } }
            #expect(listed == .toolsListed(Self.list, [MCPListedTool(name: "time", inputSchema: .null)]))
            await tools.called(1)
            client.give(Self.commit)
            _ = await log.next { if case .client = $0 { true } else { false } }
            await tools.end(.output("noon"))
            let ended = await log.next { if case .toolEnded = $0 { true } else { false } }
            #expect(ended == .toolEnded(Self.call, .output("noon")))
        }
        #expect(await tools.isClosed)
    }

    @Test("A call that is cancelled tells nothing, and neither does one that the session's end cuts off")
    func cancelled() async throws {
        let server = try #require(Self.server)
        let tools = SuspendedTools()
        let machine = ScriptedMachine { input in
            switch input {
            case .attached: [.callTool(Self.call, server, name: "time", arguments: "{}")]
            case .client(let event, _) where event.payload == .inputAudioBufferClear:
                [.cancelTool(Self.call), .callTool(Self.list, server, name: "time", arguments: "{}")]
            case .detached: [.closed(.clientLeft)]
            default: []
            }
        }
        let log = machine.log
        await SessionUnderTest(machine: machine, tools: tools).run(RecordingTransport()) { client in
            await tools.called(1)
            client.give(Self.clear)
            await tools.called(2)
        }
        #expect(!log.all.contains { if case .toolEnded = $0 { true } else { false } })
        #expect(await tools.isClosed)
    }
}

/// A caller whose calls go on until the test ends them, or their task is cancelled.
private actor SuspendedTools: ToolCaller {
    private(set) var isClosed = false
    private var calls = 0
    private var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    /// One stream for each call: the end of a call's task ends the stream that it waits for.
    private var latest: AsyncStream<MCPOutcome>.Continuation?

    func tools(of server: MCPServer) async throws(MCPError) -> [MCPListedTool] {
        [MCPListedTool(name: "time", inputSchema: .null)]
    }

    func call(_ name: String, arguments: String, on server: MCPServer) async -> MCPOutcome {
        calls += 1
        let (outcomes, outcomesOut) = AsyncStream.makeStream(of: MCPOutcome.self)
        latest = outcomesOut
        for waiter in waiters where waiter.count <= calls { waiter.continuation.resume() }
        waiters.removeAll { $0.count <= calls }
        for await outcome in outcomes { return outcome }
        return .failed(.execution(message: "cancelled"))
    }

    func close() async { isClosed = true }

    /// Of the latest call.
    func end(_ outcome: MCPOutcome) { latest?.yield(outcome) }

    /// Once so many calls have begun.
    func called(_ count: Int) async {
        guard calls < count else { return }
        await withCheckedContinuation { waiters.append((count, $0)) }
    }
}
