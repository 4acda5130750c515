import AsyncHTTPClient
import AudioPipeline
import NIOCore
package import RealtimeProtocol
package import SessionEngine

/// A recogniser behind `POST /v1/audio/transcriptions`.
package struct RemoteTranscriber: Transcriber {
    private static let stage = "recogniser"
    private static let hertz = 16_000

    private let endpoint: RemoteEndpoint

    package init(_ endpoint: RemoteEndpoint) {
        self.endpoint = endpoint
    }

    package func transcribe(
        _ speech: [Int16], _ configuration: TranscriptionConfiguration?, onDelta: @Sendable (String) async -> Void
    ) async throws(EngineFailure) -> Transcript {
        var form = FormData()
        form.add("model", endpoint.model)
        form.add("response_format", "json")
        if let language = configuration?.language { form.add("language", language) }
        if let prompt = configuration?.prompt { form.add("prompt", prompt) }
        form.add("file", fileName: "speech.wav", type: "audio/wav", WAVFile.encoded([speech], hertz: Self.hertz))
        let response = try await endpoint.post(
            Self.stage, "/audio/transcriptions", contentType: form.contentType, form.finished,
            accept: "application/json")
        let body = try await RemoteEndpoint.whole(Self.stage, response.body)
        let text = try Self.text(in: body).trimmed
        if !text.isEmpty { await onDelta(text) }
        return Transcript(text: text, usage: .duration(seconds: Double(speech.count) / Double(Self.hertz)))
    }

    private static func text(in body: [UInt8]) throws(EngineFailure) -> String {
        guard let answer = try? JSONParser.parse(body), let text = answer["text"]?.text else {
            throw EngineFailure(code: "engine_error", message: "The server of the \(stage) sent no transcript.")
        }
        return text
    }
}
