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
    /// Raw JSON of the `session` part, already known to be a JSON object.
    package var session: [UInt8]?
    /// `?model=` of the address.
    package var model: String?
    /// The client's numeric address, for limits per address.
    package var clientAddress: String
    package var caller: Caller

    package init(
        offer: String, session: [UInt8]? = nil, model: String? = nil, clientAddress: String, caller: Caller = .anybody
    ) {
        self.offer = offer
        self.session = session
        self.model = model
        self.clientAddress = clientAddress
        self.caller = caller
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
    /// A limit is reached; another try may succeed (503 with `Retry-After`).
    case overloaded(retryAfterSeconds: Int, String)
    /// The server cannot take calls (503).
    case unavailable(String)
}

/// The seam between signalling over HTTP and whatever runs the calls.
package protocol CallService: Sendable {
    /// Answers an offer; the call is running when this returns.
    func place(_ request: CallRequest) async throws(CallError) -> CallAnswer
    /// Ends a call; false if there is no such call.
    func hangUp(_ id: CallID) async -> Bool
}
