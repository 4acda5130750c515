import AudioPipeline
package import RealtimeProtocol
import SessionEngine

/// Gives the client back what it says and sends: for testing a path, and what the media plane costs.
///
/// Audio is decoded, handed up, queued and encoded again, as for any other session. What arrives in a burst after a
/// pause is dropped beyond three frames: an echo that stayed late for the rest of the call would be of no use. Where audio
/// travels in events, the client is told of the session first, and each that is appended comes back as a delta of one response
/// that never ends.
package struct LoopbackDriver: SessionDriver {
    /// The model name that selects it.
    package static let model = "parley-loopback"
    private static let maxLag = Duration.milliseconds(60)

    private let session: Session

    package init(_ session: Session) { self.session = session }

    package func run(_ transport: any SessionTransport) async {
        await withTaskGroup { group in
            group.addTask(executorPreference: transport.media?.executor) {
                guard let media = transport.media else { return }
                for await block in media.audio where media.queuedAudio < Self.maxLag {
                    media.play(block.samples, generation: Generation(rawValue: 0))
                }
            }
            group.addTask(executorPreference: transport.executor) { await echo(transport) }
        }
    }

    package func attach(_ transport: any SessionTransport) async { transport.close(.clientLeft) }

    private func echo(_ transport: any SessionTransport) async {
        var echo = EventEcho(transport)
        while let input = await transport.nextInput() {
            let answers =
                switch input {
                case .opened(let channel): echo.greeting(of: session, on: channel)
                case .message(let message): await echo.answers(to: message)
                default: [TransportMessage]()
                }
            for answer in answers { transport.send(answer) }
        }
    }
}

/// What comes back for each message of one client.
private struct EventEcho {
    private static let address = PartAddress(
        item: ItemAddress(response: ResponseID("resp_loopback"), item: ItemID("item_loopback"), outputIndex: 0),
        contentIndex: 0)

    private let hasMedia: Bool
    private let decoder: EventDecoder
    private let encoder: EventEncoder
    private var identifiers = EventIdentifiers()

    init(_ transport: any SessionTransport) {
        hasMedia = transport.media != nil
        decoder = EventDecoder(dialect: transport.profile.dialect)
        encoder = EventEncoder(transport)
    }

    /// Nothing over a data channel, whose client tests that what it sends comes back.
    mutating func greeting(of session: Session, on channel: UInt16) -> [TransportMessage] {
        hasMedia ? [] : messages(.sessionCreated(session), identifiers.next(), channel)
    }

    mutating func answers(to message: TransportMessage) async -> [TransportMessage] {
        let id = identifiers.next()
        guard message.byteCount > PipelineSession.longMessageBytes else { return answers(to: message, id) }
        return await withTaskExecutorPreference(globalConcurrentExecutor) { [self] in answers(to: message, id) }
    }

    private func answers(to message: TransportMessage, _ id: String) -> [TransportMessage] {
        guard !hasMedia, case .text(let bytes) = message.payload, let event = try? decoder.decode(bytes),
            case .inputAudioBufferAppend(let audio) = event.payload
        else { return [message] }
        return messages(.outputAudioDelta(Self.address, audio), id, message.channel)
    }

    private func messages(_ event: ServerEvent, _ id: String, _ channel: UInt16) -> [TransportMessage] {
        encoder.encode(event, eventID: id).messages.map { TransportMessage(channel: channel, payload: .text($0)) }
    }
}
