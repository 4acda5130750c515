package import RealtimeProtocol
package import VoiceSession

/// The name of one call, `rtc_` and 22 or more base-62 characters (at least 130 random bits); the secret half of hanging up.
package struct CallID: Hashable, Sendable {
    package let rawValue: String

    private static let prefix = "rtc_"
    private static let lengths = RandomName.length...64

    /// A new identifier from the system's random number generator.
    package static func random() -> CallID {
        CallID(checked: RandomName.make(prefix: prefix))
    }

    /// Nil unless the text has the shape of a call identifier.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let random = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard Self.lengths.contains(random.count), random.allSatisfy(RandomName.alphabet.contains) else { return nil }
        self.init(checked: text)
    }

    private init(checked: String) {
        rawValue = checked
    }
}

/// What a client sent to open a call.
package struct CallRequest: Sendable {
    /// The SDP offer as it came, unparsed.
    package var offer: String
    package var start: SessionStart
    /// The session that it comes back to; nil for a new one.
    package var resume: ResumeRequest?
    package var profile: ClientProfile
    /// The client's numeric address, for limits per address.
    package var clientAddress: String

    package init(
        offer: String, start: SessionStart, resume: ResumeRequest? = nil, profile: ClientProfile = ClientProfile(),
        clientAddress: String
    ) {
        self.offer = offer
        self.start = start
        self.resume = resume
        self.profile = profile
        self.clientAddress = clientAddress
    }
}

/// The answer to a placed call: its name and the SDP answer.
package struct CallAnswer: Sendable {
    package var id: CallID
    package var answer: String

    package init(id: CallID, answer: String) {
        self.id = id
        self.answer = answer
    }
}

/// Why a call was not placed; the texts go to the client.
package enum CallError: Error, Equatable {
    /// The offer cannot be answered (400).
    case badOffer(String)
    /// The offer is none that a call in its state takes (400).
    case badRestart(String)
    /// The session cannot be as it is described (400), or there is no place for it (503).
    case badSession(ProtocolError)
    /// A limit is reached; another try may succeed (503 with `Retry-After`).
    case overloaded(retryAfterSeconds: Int, String)
    /// The server cannot take calls (503).
    case unavailable(String)

    /// Whether another offer would have fared no better.
    var isOfServer: Bool {
        switch self {
        case .overloaded, .unavailable: true
        case .badOffer, .badRestart, .badSession: false
        }
    }
}

/// The seam between signalling over HTTP and whatever runs the calls.
package protocol CallService: Sendable {
    /// Answers an offer; the call is running when this returns.
    func place(_ request: CallRequest) async throws(CallError) -> CallAnswer
    /// Answers an offer that restarts the ICE of a call, which goes on whatever comes of it; nil if there is no such call,
    /// or it is none of the caller's.
    func restart(_ id: CallID, _ caller: Caller, offer: String) async throws(CallError) -> String?
    /// Ends a call; false if there is no such call, or it is none of the caller's.
    func hangUp(_ id: CallID, _ caller: Caller) async -> Bool
}
