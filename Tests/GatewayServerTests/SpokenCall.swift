import AudioPipeline
import GatewayServer
import LoadGenerator
import PeerTransport
import VoiceSession

/// The caller's side of one call.
final class SpokenCall: Sendable {
    private static let loud: UInt16 = 1_500
    private static let samplesPerMs = 24

    private let connection: PeerConnection
    private let log = PosixLock<[String]>([])
    private let heard = PosixLock(0)
    /// Of the last message that came.
    private let channel = PosixLock<UInt16>(0)
    private let told: AsyncStream<String>
    private let toldOut: AsyncStream<String>.Continuation
    private let sounds: AsyncStream<Int>
    private let soundsOut: AsyncStream<Int>.Continuation

    private init(_ connection: PeerConnection) {
        self.connection = connection
        (told, toldOut) = AsyncStream.makeStream()
        (sounds, soundsOut) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var events: [String] { log.withLock { $0 } }
    /// Sound above silence that has arrived.
    var heardMs: Int { heard.withLock { $0 } / Self.samplesPerMs }

    static func with<Value: Sendable>(
        _ signalling: InProcess, _ endpoint: PeerEndpoint, _ body: (SpokenCall) async throws -> Value
    ) async throws -> Value {
        let peer = SyntheticPeer(endpoint: endpoint, id: "caller")
        let result = await Result.catching {
            _ = try await peer.call(signalling)
            return try await SpokenCall(peer.connection).follow(isBack: signalling.resume != nil, body)
        }
        peer.connection.close(.hangUp)
        await peer.connection.closed()
        return try result.get()
    }

    /// Opens the channel, asks for transcripts where nobody has yet, and runs `body` while the call is listened to.
    private func follow<Value: Sendable>(
        isBack: Bool, _ body: (SpokenCall) async throws -> Value
    ) async throws -> Value {
        await connection.openChannel(label: "oai-events")
        let listening = Task { await listen() }
        let reading = Task { await read() }
        await next("session.created")
        if !isBack {
            await send(
                #"{"type":"session.update","session":{"audio":{"input":{"transcription":{"model":"any"}}}}}"#)
            await next("session.updated")
        }
        let result = await Result.catching { try await body(self) }
        connection.close(.hangUp)
        await listening.value
        await reading.value
        return try result.get()
    }

    /// Says a tone; afterwards nothing is sent.
    func say(milliseconds: Int) async {
        let tone = (0..<milliseconds * Self.samplesPerMs).map { Int16($0 % 60 < 30 ? 6_000 : -6_000) }
        _ = await connection.playout.enqueue(tone, generation: Generation(rawValue: 0))
    }

    /// Is gone without a word, as a killed process.
    func vanish() async { await connection.vanish() }

    /// Returns once so much sound has arrived.
    func hear(milliseconds: Int) async {
        for await sound in sounds where sound >= milliseconds * Self.samplesPerMs { return }
    }

    /// The next event of this type.
    @discardableResult
    func next(_ type: String) async -> String {
        for await event in told where event.contains("\"type\":\"\(type)\"") { return event }
        return ""
    }

    private func send(_ json: String) async {
        let channel = channel.withLock { $0 }
        await connection.send(DataChannelMessage(channel: channel, payload: .string(Array(json.utf8))))
    }

    private func listen() async {
        for await block in connection.audio {
            let loud = block.samples.count { $0.magnitude > Self.loud }
            guard loud * 4 > block.samples.count else { continue }
            soundsOut.yield(
                heard.withLock { heard in
                    heard += block.samples.count
                    return heard
                })
        }
        soundsOut.finish()
    }

    private func read() async {
        for await case .message(let message) in connection.events {
            guard case .string(let bytes) = message.payload else { continue }
            channel.withLock { $0 = message.channel }
            let text = String(decoding: bytes, as: UTF8.self)
            log.withLock { $0.append(text) }
            toldOut.yield(text)
        }
        toldOut.finish()
    }
}

/// Places calls without HTTP.
struct InProcess: Signalling {
    let calls: any CallService
    var profile = ClientProfile()
    var resume: ResumeRequest?

    func exchange(offer: String) async throws -> String {
        try await calls.place(
            CallRequest(
                offer: offer, start: SessionStart(caller: .anybody), resume: resume, profile: profile,
                clientAddress: "127.0.0.1")
        ).answer
    }
}

extension Result where Failure == any Error {
    static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
