/// Why one m= section is answered with port 0.
package struct SectionRefusal: Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        case kindNotSupported
        case disabledByOfferer
        case protocolNotSupported
        case withoutRTCPMux
        case withoutKnownCodec
        case notADataChannel
        case notBundled
    }

    /// Counts from 1.
    package var section: Int
    package var reason: Reason

    package init(section: Int, reason: Reason) {
        self.section = section
        self.reason = reason
    }

    var message: String { "section \(section): \(reason.message)" }
}

extension SectionRefusal.Reason {
    fileprivate var message: String {
        switch self {
        case .kindNotSupported: "neither audio nor a data channel"
        case .disabledByOfferer: "its port is 0"
        case .protocolNotSupported: "its transport protocol is not supported"
        case .withoutRTCPMux: "a=rtcp-mux is missing"
        case .withoutKnownCodec: "none of opus, PCMU and PCMA is offered"
        case .notADataChannel: "not a WebRTC data channel"
        case .notBundled: "not in the BUNDLE group"
        }
    }
}
