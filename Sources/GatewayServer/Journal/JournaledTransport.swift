import RealtimeProtocol
import SessionEngine
import VoiceSession

/// A client's connection whose events, and where it is kept its sound, are written down as they pass.
struct JournaledTransport: ClientTransport {
    let base: any ClientTransport
    let file: JournalFile

    var kind: TransportKind { base.kind }
    var profile: ClientProfile { base.profile }
    var executor: (any TaskExecutor)? { base.executor }
    var maxMessageBytes: Int { base.maxMessageBytes }
    var media: (any SessionMedia)? {
        guard let media = base.media, let sound = file.sound else { return base.media }
        return JournaledMedia(base: media, sound: sound)
    }
    var lastHeard: ContinuousClock.Instant? { get async { await base.lastHeard } }

    nonisolated(nonsending) func nextInput() async -> TransportInput? {
        let input = await base.nextInput()
        if case .message(let message)? = input { add(message, from: .client) }
        return input
    }

    func send(_ message: TransportMessage) {
        add(message, from: .server)
        base.send(message)
    }

    func drained(to bytes: Int) async { await base.drained(to: bytes) }
    func close(_ reason: SessionEndReason) { base.close(reason) }
    func closed() async { await base.closed() }

    private func add(_ message: TransportMessage, from sender: JournalLine.Sender) {
        switch message.payload {
        case .text(let bytes), .binary(let bytes): file.add(bytes, from: sender)
        }
    }
}
