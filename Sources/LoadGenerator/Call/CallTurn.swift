/// What became of one utterance, as its caller saw it.
package struct CallTurn: Equatable, Sendable {
    /// The steps from the end of speech to the answer, each as it reached the caller.
    package enum Stage: String, CaseIterable, Sendable {
        /// `input_audio_buffer.speech_stopped`.
        case speechStopped = "speech_stopped"
        /// `conversation.item.input_audio_transcription.completed`.
        case transcript
        /// `response.created`.
        case responseCreated = "response_created"
        /// The first delta of the answer's transcript or text.
        case firstWords = "first_words"
        /// The first packet with sound in it.
        case firstPacket = "first_packet"
        /// The first sample above silence, were each packet played as it came.
        case heard
    }

    package var recording: String
    /// What the server understood.
    package var question = ""
    package var answer = ""
    /// Of the last response.
    package var status = ""
    /// Why it failed, in the server's words.
    package var failure: String?
    /// Since the last sample of speech was spoken.
    package var stages: [Stage: Duration] = [:]
    /// Whether the server took the turn while the caller still spoke.
    package var wasCutOff = false
    /// Sound of the answer, and silence within it that had no packets.
    package var answerLength = Duration.zero
    package var gaps = Duration.zero
    /// How much later than its place in the stream the latest packet of the answer came.
    package var latestPacket = Duration.zero

    package init(recording: String) { self.recording = recording }
}
