import Glibc
import PeerTransport

/// What one DTLS handshake with P-256 certificates costs the answering side, measured in this process.
enum HandshakeCost {
    /// CPU seconds of the server's side, the median of many.
    static func measure() throws -> Double {
        let costs = try (0..<60).map { _ in try DTLSHandshake.measureServer(threadCPU: threadCPU) }
        return costs.sorted()[costs.count / 2]
    }

    private static func threadCPU() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
