import Hummingbird
import HummingbirdCore
import NIOHTTP1
import RealtimeProtocol
import VoiceSession

/// What a client asked for with its upgrade request: session, key, dialect (RT-031 to RT-037).
struct WebSocketRequest: Sendable {
    /// The one purpose of a socket.
    enum Purpose: Equatable, Sendable {
        /// `?model=`, nil when it is missing.
        case conversation(model: String?)
        /// `?intent=transcription`; a model beside it is not the session's (RT-036).
        case transcription
        /// `?call_id=`, not checked for its shape.
        case sideband(call: String)
        /// `?resume=`, whatever the session is.
        case resumption(ResumeRequest)
    }

    let purpose: Purpose
    /// The key as it was given, in the order of RT-031 to RT-033; nil for none.
    let key: String?
    let profile: ClientProfile
    /// What the answer chooses: `realtime` if it was offered, else nothing, never the key.
    let chosenProtocol: String?

    private static let chosen = "realtime"
    private static let keyProtocol = "openai-insecure-api-key."
    private static let betaProtocol = "openai-beta.realtime-v1"

    init(_ head: HTTPRequestHead) {
        let query = URI(head.uri).queryParameters
        if let call = query.get("call_id") {
            purpose = .sideband(call: call)
        } else if let resume = ResumeRequest({ query.get($0) }) {
            purpose = .resumption(resume)
        } else if query.get("intent") == "transcription" {
            purpose = .transcription
        } else {
            purpose = .conversation(model: query.get("model").flatMap { $0.isEmpty ? nil : $0 })
        }
        let protocols = head.headers[canonicalForm: "sec-websocket-protocol"].map(String.init)
        key = Self.key(head.headers, protocols)
        profile = ClientProfile(
            isBeta: protocols.contains(Self.betaProtocol)
                || head.headers[canonicalForm: "openai-beta"].contains(ClientProfile.betaHeader[...]),
            extensions: head.headers.first(name: "parley-extensions"), query: query.get("parley"),
            resumes: query.get("resume") != nil)
        chosenProtocol = protocols.contains(Self.chosen) ? Self.chosen : nil
    }

    private static func key(_ headers: HTTPHeaders, _ protocols: [String]) -> String? {
        APIKeys.bearer(headers.first(name: "authorization"))
            ?? protocols.first { $0.hasPrefix(keyProtocol) }.map { String($0.dropFirst(keyProtocol.count)) }
            ?? headers.first(name: "api-key")
    }
}
