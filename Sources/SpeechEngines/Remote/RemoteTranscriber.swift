import AsyncHTTPClient
import AudioPipeline
import NIOCore
import NIOHTTP1
package import RealtimeProtocol
package import SessionEngine

/// A recogniser behind `POST /v1/audio/transcriptions`, whose words come as it says them where it streams.
package struct RemoteTranscriber: Transcriber {
    private static let stage = "recogniser"
    private static let hertz = 16_000

    private let endpoint: RemoteEndpoint
    private let streams: Bool

    /// - Parameter streams: whether a stream is asked for; a server that has none ignores it.
    package init(_ endpoint: RemoteEndpoint, streams: Bool = true) {
        self.endpoint = endpoint
        self.streams = streams
    }

    package func transcribe(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?, onDelta: @Sendable (String) async -> Void
    ) async throws(EngineFailure) -> Transcript {
        let form = form(speech, configuration)
        let response = try await endpoint.post(
            Self.stage, "/audio/transcriptions", contentType: form.contentType, form.finished,
            accept: "text/event-stream, application/json")
        var reader = TranscriptReader()
        if response.headers.first(name: "Content-Type")?.hasPrefix("text/event-stream") ?? false {
            try await Self.follow(response, &reader, onDelta)
        } else {
            let answer = try Self.parse(await RemoteEndpoint.whole(Self.stage, response.body))
            if let text = try reader.readWhole(answer) { await onDelta(text) }
        }
        let length = Double(speech.count) / Double(Self.hertz)
        return Transcript(text: reader.text.trimmed, usage: reader.usage ?? .duration(seconds: length))
    }

    private func form(_ speech: [Int16], _ configuration: TranscriptionConfiguration?) -> FormData {
        var form = FormData()
        form.add("model", endpoint.model)
        form.add("response_format", "json")
        if streams { form.add("stream", "true") }
        if let language = configuration?.language { form.add("language", language) }
        if let prompt = configuration?.prompt { form.add("prompt", prompt) }
        form.add("file", fileName: "speech.wav", type: "audio/wav", WAVFile.encoded([speech], hertz: Self.hertz))
        return form
    }

    private static func follow(
        _ response: HTTPClientResponse, _ reader: inout TranscriptReader, _ onDelta: @Sendable (String) async -> Void
    ) async throws(EngineFailure) {
        var events = ServerSentEvents()
        var isDone = false
        try await RemoteEndpoint.read(stage, response.body) { piece throws(EngineFailure) in
            for data in try events.feed(piece.readableBytesView) where !isDone {
                isDone = data.elementsEqual("[DONE]".utf8)
                if !isDone, let delta = try reader.read(Self.parse(data)) { await onDelta(delta) }
            }
        }
        if let data = events.finish(), !isDone {
            isDone = data.elementsEqual("[DONE]".utf8)
            if !isDone, let delta = try reader.read(Self.parse(data)) { await onDelta(delta) }
        }
        // Without an end and without a word it is no transcript of silence but none at all.
        guard isDone || reader.isFinished || !reader.text.isEmpty else {
            throw events.hasOnlyJunk ? .unreadable(stage, "what is no stream of events") : TranscriptReader.missing
        }
    }

    private static func parse(_ text: [UInt8]) throws(EngineFailure) -> JSONValue {
        do throws(JSONError) {
            return try JSONParser.parse(text)
        } catch {
            throw .unreadable(stage, "what is no JSON")
        }
    }
}
