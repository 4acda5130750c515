/// Why a session description cannot be read or agreed to.
package enum SDPError: Error, Equatable {
    case notSDP
    case looksLikeJSON
    case tooLong(bytes: Int, limit: Int)
    case tooManySections(limit: Int)
    case tooManyCandidates(limit: Int)
    /// Lines count from 1.
    case malformedLine(number: Int)
    case malformedMediaLine(number: Int)
    case noMedia
    case duplicateMediaIdentifier(section: Int)
    case missingCredentials
    /// Lengths are in bytes.
    case invalidUsernameFragment(length: Int)
    case invalidPassword(length: Int)
    case malformedFingerprint
    case missingFingerprint
    case invalidSetup
    case heldConnection
    /// The answer takes the role its offer took, or takes none.
    case conflictingSetup
    case nothingUsable([SectionRefusal])
}

extension SDPError {
    /// One sentence for whoever made the description.
    package var message: String {
        switch self {
        case .notSDP: "This is not SDP: it must be text that begins with the line \"v=0\"."
        case .looksLikeJSON: "This is JSON, not SDP: send the text of the description's \"sdp\" member alone."
        case .tooLong(let bytes, let limit): "The SDP is \(bytes) bytes long; at most \(limit) are read."
        case .tooManySections(let limit): "The SDP has more than \(limit) m= lines."
        case .tooManyCandidates(let limit): "The SDP has more than \(limit) ICE candidates."
        case .malformedLine(let number): "Line \(number) of the SDP is not of the form <letter>=<value>."
        case .malformedMediaLine(let number):
            "Line \(number) of the SDP is not of the form m=<media> <port> <protocol> <format> ...."
        case .noMedia: "The SDP has no m= line: offer audio, a data channel or both."
        case .duplicateMediaIdentifier(let section): "m= section \(section) has the a=mid of an earlier section."
        case .missingCredentials: "The SDP lacks a=ice-ufrag or a=ice-pwd."
        case .invalidUsernameFragment(let length):
            "The a=ice-ufrag is \(length) bytes long or has spaces in it; it must have 4 to 256 characters."
        case .invalidPassword(let length):
            "The a=ice-pwd is \(length) bytes long or has spaces in it; it must have 22 to 256 characters."
        case .malformedFingerprint:
            "An a=fingerprint line is not of the form <hash> <hex>:<hex>:... with the length of its hash."
        case .missingFingerprint: "The SDP has no a=fingerprint with sha-256, sha-384 or sha-512."
        case .invalidSetup: "The a=setup must be actpass, active or passive."
        case .heldConnection: "The a=setup is holdconn: a call cannot begin on hold."
        case .conflictingSetup: "The a=setup of the answer does not go with that of the offer."
        case .nothingUsable(let refusals):
            (["No m= section of the SDP can be used"] + refusals.map(\.message)).joined(separator: "; ") + "."
        }
    }
}
