/// What a voice's server is asked for, by its name in `response_format`.
package enum VoiceFormat: String, CaseIterable, Sendable {
    case pcm
    case wav
    case opus
    case mp3

    /// Of raw PCM as the API has it.
    package static let rawHertz = 24_000
    /// What other raw PCM may have.
    package static let rawHertzRange = 8_000...192_000
}
