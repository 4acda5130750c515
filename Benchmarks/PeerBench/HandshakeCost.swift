import PeerTransport

/// What one DTLS handshake with P-256 certificates costs the answering side, measured in this process.
enum HandshakeCost {
    /// CPU seconds of the server's side.
    static func once() throws -> Double { try DTLSHandshake.measureServer(threadCPU: ThreadTime.now) }

    /// The median of many, one right after the other.
    static func measure() throws -> Double { try (0..<60).map { _ in try once() }.median }
}
