import AudioPipeline
import RealtimeProtocol
import SessionEngine
import VoiceSession

/// A transport without a wire: what is given to it comes in, what is sent is kept and can be waited for.
final class RecordingTransport: SessionTransport {
    private struct State {
        var sent: [TransportMessage] = []
        var closed: [SessionEndReason] = []
        var read = 0
        var reader: CheckedContinuation<Void, Never>?
        var isBlocked = false
        var draining: [CheckedContinuation<Void, Never>] = []
        var drainWatcher: CheckedContinuation<Void, Never>?

        mutating func takeNext() -> TransportMessage? {
            guard read < sent.count else { return nil }
            defer { read += 1 }
            return sent[read]
        }
    }

    let kind: TransportKind
    let profile: ClientProfile
    let maxMessageBytes: Int
    /// Messages that may be sent before the client is too slow.
    let capacity: Int
    let recordedMedia: RecordingMedia?

    private let inputs: AsyncStream<TransportInput>
    private let inputsOut: AsyncStream<TransportInput>.Continuation
    private let state = PosixLock(State())

    init(
        kind: TransportKind = .webSocket, profile: ClientProfile = ClientProfile(), maxMessageBytes: Int = 1 << 20,
        capacity: Int = .max, media: RecordingMedia? = nil, opens: Bool = true
    ) {
        self.kind = kind
        self.profile = profile
        self.maxMessageBytes = maxMessageBytes
        self.capacity = capacity
        recordedMedia = media
        (inputs, inputsOut) = AsyncStream.makeStream()
        if opens { give(.opened(channel: 0)) }
    }

    var media: (any SessionMedia)? { recordedMedia }
    var executor: (any TaskExecutor)? { nil }
    var sent: [TransportMessage] { state.withLock { $0.sent } }
    var closeReasons: [SessionEndReason] { state.withLock { $0.closed } }

    // MARK: The client's side

    /// The last input ends the stream.
    func give(_ input: TransportInput) {
        inputsOut.yield(input)
        if case .departed = input { inputsOut.finish() }
    }

    func give(_ json: String) { give(.message(TransportMessage(channel: 0, payload: .text(Array(json.utf8))))) }

    /// Reads on until an event of this type, and returns it.
    @discardableResult
    func next(_ type: String) async -> String {
        while true {
            let event = await nextEvent()
            if event.contains("\"type\":\"\(type)\"") { return event }
        }
    }

    /// Events of this type that were sent so far.
    func count(_ type: String) -> Int { sent.count { $0.text.contains("\"type\":\"\(type)\"") } }

    /// The next event that was sent.
    func nextEvent() async -> String {
        while true {
            if let message = state.withLock({ $0.takeNext() }) { return message.text }
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.read < state.sent.count { return true }
                    state.reader = continuation
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }

    /// From now on nothing leaves: `drained` waits.
    func block() { state.withLock { $0.isBlocked = true } }

    func unblock() {
        let draining = state.withLock { state in
            state.isBlocked = false
            defer { state.draining = [] }
            return state.draining
        }
        for continuation in draining { continuation.resume() }
    }

    /// Returns once somebody waits in `drained`.
    func hasWaiter() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.draining.isEmpty { return true }
                state.drainWatcher = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    // MARK: SessionTransport

    nonisolated(nonsending) func nextInput() async -> TransportInput? {
        for await input in inputs { return input }
        return nil
    }

    func send(_ message: TransportMessage) {
        let (reader, isFull) = state.withLock { state in
            guard state.sent.count < capacity else { return (nil as CheckedContinuation<Void, Never>?, true) }
            state.sent.append(message)
            defer { state.reader = nil }
            return (state.reader, false)
        }
        reader?.resume()
        if isFull { give(.departed(.overrun)) }
    }

    func drained(to bytes: Int) async {
        await withCheckedContinuation { continuation in
            let (waits, watcher) = state.withLock { state in
                guard state.isBlocked else { return (false, nil as CheckedContinuation<Void, Never>?) }
                state.draining.append(continuation)
                defer { state.drainWatcher = nil }
                return (true, state.drainWatcher)
            }
            watcher?.resume()
            if !waits { continuation.resume() }
        }
    }

    func close(_ reason: SessionEndReason) {
        state.withLock { $0.closed.append(reason) }
        unblock()
        give(.departed(.goodbye))
    }
}

extension TransportMessage {
    /// Of a text message.
    var text: String {
        guard case .text(let bytes) = payload else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
