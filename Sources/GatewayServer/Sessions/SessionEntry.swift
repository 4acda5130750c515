import RealtimeProtocol
import VoiceSession

/// A place in a session for one transport: the first of a new session, or that of a client that comes back.
package struct SessionEntry: Sendable {
    /// Of one that comes back.
    struct Return: Sendable {
        let driver: any ResumableDriver
        let offer: ResumeOffer
        let request: ResumeRequest
    }

    enum Way: Sendable {
        case new(any SessionDriver)
        case back(Return)
    }

    let session: SessionID
    let way: Way

    /// The token that is used up once its transport is connected.
    var token: String? {
        if case .back(let back) = way { back.request.token } else { nil }
    }
}
