/// A spoken call to the server itself, over WebRTC on loopback.
package struct CallCheck: Sendable {
    /// What became of it.
    package enum Outcome: Equatable, Sendable {
        /// The call or its turn came to nothing, in words.
        case failed(String)
        /// Nil: no sound of the answer was heard.
        case answered(question: String, answer: String, heardAfter: Duration?)
    }

    package static let question = "What is the capital of France?"
    /// More than this and people talk over each other.
    private static let slow = Duration.seconds(3)

    var outcome: Outcome

    var finding: DoctorFinding {
        switch outcome {
        case .failed(let words):
            return DoctorFinding(
                "call", .failed, words,
                advice:
                    "A packet filter between this machine and itself, or a model that fails: `parley serve --log-level debug` "
                    + "and `parley call` show more.")
        case .answered(let question, let answer, nil):
            return DoctorFinding(
                "call", .failed, "understood “\(question)”, answered “\(answer)”, and no sound of it arrived",
                advice:
                    "The voice or the way of the sound is broken: `parley voices --sample marin` tries the voice alone."
            )
        case .answered(let question, let answer, let after?):
            let words =
                "understood “\(question)”, answered “\(answer)”, heard "
                + "\(Int(after / .milliseconds(1))) ms after the end of speech"
            guard after > Self.slow else { return DoctorFinding("call", .good, words) }
            return DoctorFinding(
                "call", .warning, words,
                advice:
                    "Too slow for a conversation. A smaller language model, more cores, or a server that thinks (--llm URL)."
            )
        }
    }
}
