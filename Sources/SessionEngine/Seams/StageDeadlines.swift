/// How long a stage may be silent before its work counts as failed; a session goes on without it.
package struct StageDeadlines: Equatable, Sendable {
    /// From the request to the transcript; the part then counts as not intelligible.
    package var recogniser = Duration.seconds(20)
    /// From the request to the language model's first output: a long context on a busy machine takes a while to read.
    package var firstToken = Duration.seconds(30)
    /// Between two outputs; a function call comes as one, whole.
    package var betweenTokens = Duration.seconds(20)
    /// From a clause's turn to its first sound, and between two blocks, while nothing of before is still being heard.
    package var voice = Duration.seconds(10)

    package init() {}
}
