import RealtimeProtocol
import VoiceSession

extension ClientProfile {
    /// The value of `OpenAI-Beta` that means the beta dialect (RT-208); other values are other betas.
    static let betaHeader = "realtime=v1"

    /// - Parameters:
    ///   - extensions: the header `Parley-Extensions`.
    ///   - query: `?parley=`.
    ///   - resumes: whether it gives back a token, which are given to those that ask for extensions.
    init(isBeta: Bool, extensions: String?, query: String?, resumes: Bool) {
        self.init(dialect: isBeta ? .beta : .current, wantsExtensions: extensions == "1" || query == "1" || resumes)
    }
}
