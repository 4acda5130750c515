import AudioPipeline
import SessionEngine
import VoiceSession

/// A transport without a wire: what is given to it comes in, what is sent is kept.
final class RecordingTransport: SessionTransport {
    let kind: TransportKind
    let profile: ClientProfile
    let maxMessageBytes: Int
    let inputs: AsyncStream<TransportInput>
    let media: (any SessionMedia)? = nil

    private let inputsOut: AsyncStream<TransportInput>.Continuation
    private let messages = PosixLock<[TransportMessage]>([])

    init(
        kind: TransportKind = .webSocket, profile: ClientProfile = ClientProfile(), maxMessageBytes: Int = 1 << 20
    ) {
        self.kind = kind
        self.profile = profile
        self.maxMessageBytes = maxMessageBytes
        (inputs, inputsOut) = AsyncStream.makeStream()
    }

    var sent: [TransportMessage] { messages.withLock { $0 } }

    /// The last input ends the stream.
    func give(_ input: TransportInput) {
        inputsOut.yield(input)
        if case .departed = input { inputsOut.finish() }
    }

    func send(_ message: TransportMessage) { messages.withLock { $0.append(message) } }

    func drained(to bytes: Int) async {}

    func close(_ reason: SessionEndReason) { give(.departed(.goodbye)) }
}
