/// Why a call came to nothing; each says what to do.
package enum CallFailure: Error, Equatable, CustomStringConvertible {
    /// The server's words about the session that was asked for.
    case sessionRefused(String)
    case ended(reason: String)
    case notReady(seconds: Int)
    case noSpeechHeard(recording: String)
    case noEndOfTurn(recording: String, seconds: Int)
    case noAnswer(recording: String, seconds: Int)

    package var description: String {
        switch self {
        case .sessionRefused(let words): "The server refuses the session: \(words)"
        case .ended(let reason):
            "The server ended the call (\(reason)). Its log says why; `parley serve --log-level debug` says more."
        case .notReady(let seconds):
            "The call is connected, but its session did not begin within \(seconds) s. Is the server overloaded?"
        case .noSpeechHeard(let recording):
            "The server heard no speech in \(recording). Is it a recording of speech, loud enough to hear?"
        case .noEndOfTurn(let recording, let seconds):
            "The server heard \(recording) but did not take the turn within \(seconds) s after its end. "
                + "Is turn detection on (--turn-detection)?"
        case .noAnswer(let recording, let seconds):
            "No whole answer to \(recording) within \(seconds) s after its end. "
                + "Is the machine too slow for the model? `parley models list` shows the smaller ones."
        }
    }
}
