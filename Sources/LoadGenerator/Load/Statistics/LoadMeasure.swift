/// What is timed under load; each has a histogram in microseconds, and is printed in milliseconds.
package enum LoadMeasure: String, CaseIterable, Sendable {
    /// From the time a call was to be placed to the server's answer; over WebSocket to `session.created`.
    case postToAnswer = "post_to_answer_ms"
    /// The same to DTLS being up.
    case postToConnected = "post_to_connected_ms"
    /// The same to the first RTP packet, or the first audio over WebSocket.
    case postToFirstRTP = "post_to_first_rtp_ms"
    /// From the last sample of speech to `input_audio_buffer.speech_stopped`.
    case speechToTurn = "speech_to_turn_ms"
    /// From the last sample of speech to the first packet with sound of the answer.
    case speechToAudio = "speech_to_audio_ms"
    /// From the first sample of words over an answer to its last packet; over WebSocket to `speech_started`.
    case bargeInStop = "barge_in_stop_ms"
    /// Of each packet: how much later it came than the earliest of its minute, by its timestamp.
    case pacing = "pacing_ms"
    /// Of each call's packets, at its end (RFC 3550 §6.4.1).
    case jitter = "jitter_ms"
    /// The same as `pacing` of this generator's own frames: what is not the server's doing.
    case generatorPacing = "generator_pacing_ms"

    /// In words, for people.
    package var title: String {
        switch self {
        case .postToAnswer: "POST to answer"
        case .postToConnected: "POST to DTLS up"
        case .postToFirstRTP: "POST to first RTP"
        case .speechToTurn: "end of speech to turn taken"
        case .speechToAudio: "end of speech to first audio"
        case .bargeInStop: "barge-in stop"
        case .pacing: "pacing error"
        case .jitter: "jitter"
        case .generatorPacing: "pacing error of the generator"
        }
    }
}

/// What is counted under load.
package enum LoadCount: String, CaseIterable, Sendable {
    /// Calls that were to be placed.
    case calls
    case connected
    /// Answered 503 or 429: the server says it is full.
    case refused
    /// Not set up for any other reason.
    case failed
    /// Ended by the server, or lost, before their time.
    case dropped
    /// Times that a talker spoke.
    case turns
    case answered
    case unanswered
    /// Turns that the server took before the speech had ended.
    case cutOff = "cut_off"
    case interrupted
    /// Answers that went on although somebody spoke.
    case notStopped = "not_stopped"
    /// Answers whose response did not end as completed.
    case failedResponses = "failed_responses"
    case toolCalls = "tool_calls"
    case errorEvents = "error_events"
    case transcriptsChecked = "transcripts_checked"
    case transcriptsWrong = "transcripts_wrong"
    case packetsSent = "packets_sent"
    case packetsReceived = "packets_received"
    case packetsLost = "packets_lost"
}

/// What one call has to tell the statistics.
package enum LoadNote: Equatable, Sendable {
    case count(LoadCount, Int = 1)
    /// `every`: how often such a time comes at the most, for the correction of coordinated omission; nil where it comes by
    /// a schedule of its own.
    case time(LoadMeasure, Duration, every: Duration? = nil)
    /// Why a call was not set up or did not last, in words without numbers or ids.
    case reason(String)
}
