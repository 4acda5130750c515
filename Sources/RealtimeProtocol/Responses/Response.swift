/// A response as `response.created` and `response.done` show it.
package struct Response: Equatable, Sendable {
    package enum Status: Equatable, Sendable {
        case inProgress
        case completed
        case cancelled(CancelReason)
        case incomplete(IncompleteReason)
        case failed(Failure)
    }

    package enum CancelReason: String, Sendable {
        case turnDetected = "turn_detected"
        case clientCancelled = "client_cancelled"
    }

    package enum IncompleteReason: String, Sendable {
        case maxOutputTokens = "max_output_tokens"
        case contentFilter = "content_filter"
    }

    /// `status_details.error` (RT-145).
    package struct Failure: Equatable, Sendable {
        package var type: String
        package var code: String
        package var message: String

        package init(type: String = "server_error", code: String, message: String) {
            self.type = type
            self.code = code
            self.message = message
        }
    }

    package var id: ResponseID
    package var status: Status
    package var output: [Item]
    /// Nil out of band; null on the wire.
    package var conversationID: ConversationID?
    package var outputModality: OutputModality
    package var maxOutputTokens: MaxOutputTokens
    package var outputFormat: AudioFormat
    package var voice: Voice
    /// Nil until done.
    package var usage: Usage?
    package var metadata: JSONObject?

    package init(
        id: ResponseID, status: Status, output: [Item], conversationID: ConversationID?,
        outputModality: OutputModality, maxOutputTokens: MaxOutputTokens, outputFormat: AudioFormat, voice: Voice,
        usage: Usage?, metadata: JSONObject?
    ) {
        self.id = id
        self.status = status
        self.output = output
        self.conversationID = conversationID
        self.outputModality = outputModality
        self.maxOutputTokens = maxOutputTokens
        self.outputFormat = outputFormat
        self.voice = voice
        self.usage = usage
        self.metadata = metadata
    }
}

/// Tokens of one response (RT-186 to RT-189).
package struct Usage: Equatable, Sendable {
    /// Tokens by what they were.
    package struct Details: Equatable, Sendable {
        package var text: Int
        package var audio: Int
        package var image: Int

        package init(text: Int = 0, audio: Int = 0, image: Int = 0) {
            self.text = text
            self.audio = audio
            self.image = image
        }

        package var total: Int { text + audio + image }
    }

    package var input: Details
    /// Part of `input`.
    package var cached: Details
    package var output: Details

    package init(input: Details = Details(), cached: Details = Details(), output: Details = Details()) {
        self.input = input
        self.cached = cached
        self.output = output
    }
}

/// Usage of one transcription: tokens or seconds.
package enum TranscriptionUsage: Equatable, Sendable {
    case duration(seconds: Double)
    case tokens(input: Usage.Details, output: Int)
}
