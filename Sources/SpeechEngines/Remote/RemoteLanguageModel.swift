import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RealtimeProtocol
package import SessionEngine

/// A language model behind `POST /v1/chat/completions`.
package struct RemoteLanguageModel: LanguageModel {
    private static let stage = "language model"

    private let endpoint: RemoteEndpoint
    package let hears: Bool

    /// - Parameter hears: whether the model takes sound (`input_audio`).
    package init(_ endpoint: RemoteEndpoint, hears: Bool = false) {
        self.endpoint = endpoint
        self.hears = hears
    }

    package func respond(
        to request: ModelRequest, onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) -> (reason: ModelEnd.Reason, usage: ModelUsage?) {
        let response = try await endpoint.post(
            Self.stage, "/chat/completions", contentType: "application/json", body(request).bytes,
            accept: "text/event-stream, application/json")
        var reader = ChatCompletionReader()
        let isStream = response.headers.first(name: "Content-Type")?.hasPrefix("text/event-stream") ?? false
        if isStream {
            try await follow(response, &reader, onOutput)
        } else {
            let whole = try Self.parse(await RemoteEndpoint.whole(Self.stage, response.body))
            for output in try reader.read(whole) { await onOutput(output) }
        }
        for output in reader.finish() { await onOutput(output) }
        return (reader.reason, reader.usage)
    }

    private func body(_ request: ModelRequest) -> ChatCompletionBody {
        ChatCompletionBody(request, model: endpoint.model, hears: hears, isOpenAI: endpoint.isOpenAI)
    }

    private func follow(
        _ response: HTTPClientResponse, _ reader: inout ChatCompletionReader,
        _ onOutput: @Sendable (ModelOutput) async -> Void
    ) async throws(EngineFailure) {
        var events = ServerSentEvents()
        var isDone = false
        try await RemoteEndpoint.read(Self.stage, response.body) { piece throws(EngineFailure) in
            for data in try events.feed(piece.readableBytesView) where !isDone {
                isDone = data.elementsEqual("[DONE]".utf8)
                guard !isDone else { continue }
                for output in try reader.read(Self.parse(data)) { await onOutput(output) }
            }
        }
        if let data = events.finish(), !isDone, !data.elementsEqual("[DONE]".utf8) {
            for output in try reader.read(Self.parse(data)) { await onOutput(output) }
        }
        guard isDone || reader.isFinished else {
            // A connection that ends in mid-sentence is no answer, and what had no event in it was none from the beginning.
            throw events.hasOnlyJunk
                ? .unreadable(Self.stage, "what is no stream of events") : RemoteEndpoint.unreachable(Self.stage)
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
