/// Why a call could not be set up.
package enum PeerSetupError: Error, Equatable {
    case ice(String)
    /// Every port of the configured range is in use.
    case noMediaPort
    case dtls(OpenSSLError)
    case closed(PeerCloseReason)
    case wrongState
}

/// Why ICE was not started anew; the call goes on as it was.
package enum PeerRestartError: Error, Equatable {
    /// Not up yet, or over.
    case notEstablished
    /// The offer asks for something else; the text says what.
    case refused(String)
    case ice(String)
}
