import AudioPipeline
import SessionEngine
import VoiceSession

/// An upstream in the test's process: sockets are asked for here, and the test plays what is behind them.
final class FakeUpstream: UpstreamConnector {
    private let sockets: AsyncStream<FakeUpstreamSocket>
    private let opened: AsyncStream<FakeUpstreamSocket>.Continuation
    private let failures = PosixLock<[EngineFailure]>([])
    private let asked = PosixLock<[String]>([])

    init() {
        (sockets, opened) = AsyncStream.makeStream()
    }

    /// What the next attempts come to, before one succeeds.
    func refuse(_ failure: EngineFailure) { failures.withLock { $0.append(failure) } }

    /// Request lines of the attempts so far.
    var targets: [String] { asked.withLock { $0 } }

    func connect(
        to endpoint: UpstreamEndpoint, isTranscription: Bool
    ) async throws(EngineFailure) -> any UpstreamSocket {
        asked.withLock { $0.append(endpoint.target(isTranscription: isTranscription)) }
        if let failure = failures.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw failure }
        let socket = FakeUpstreamSocket()
        opened.yield(socket)
        return socket
    }

    /// The next socket that was opened.
    func nextSocket() async -> FakeUpstreamSocket {
        for await socket in sockets { return socket }
        preconditionFailure("the test was cancelled")
    }
}

/// One connection to a fake upstream.
final class FakeUpstreamSocket: UpstreamSocket {
    private let inputs: AsyncStream<TransportInput>
    private let inputsOut: AsyncStream<TransportInput>.Continuation
    private let sent: AsyncStream<String>
    private let sentOut: AsyncStream<String>.Continuation

    init() {
        (inputs, inputsOut) = AsyncStream.makeStream()
        (sent, sentOut) = AsyncStream.makeStream()
        inputsOut.yield(.opened(channel: 0))
    }

    // MARK: The upstream's side

    func say(_ json: String) {
        inputsOut.yield(.message(TransportMessage(channel: 0, payload: .text(Array(json.utf8)))))
    }

    func greet() { say(UpstreamScene.createdForPeers.replacing(#""event_id":"u1","#, with: "")) }

    /// It is gone without a word.
    func cut() {
        inputsOut.yield(.departed(.lost))
        inputsOut.finish()
    }

    /// Reads on until an event of this type; nil when the socket was closed before.
    @discardableResult
    func next(_ type: String) async -> String? {
        for await event in sent where event.contains("\"type\":\"\(type)\"") { return event }
        return nil
    }

    // MARK: UpstreamSocket

    nonisolated(nonsending) func nextInput() async -> TransportInput? {
        for await input in inputs { return input }
        return nil
    }

    func send(_ message: [UInt8]) { sentOut.yield(String(decoding: message, as: UTF8.self)) }

    func drained(to bytes: Int) async {}

    func close() {
        sentOut.finish()
        inputsOut.finish()
    }
}
