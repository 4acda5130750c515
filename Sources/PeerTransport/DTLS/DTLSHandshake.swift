import Wire

/// Two DTLS sessions of one process, wired to each other: the floor that a call's set-up is compared with.
package enum DTLSHandshake {
    /// Shakes hands once with OpenSSL as it comes, whatever calls do to spare it work (`HandshakeLibrary`); returns what `threadCPU` says the server's side used, in its units,
    /// from the making of its session to the end of it. Certificates are there before.
    package static func measureServer(threadCPU: () -> Double) throws -> Double {
        let (ours, theirs) = (try Certificate(library: nil), try Certificate(library: nil))
        let client = try DTLSSession(certificate: theirs, role: .client, fingerprints: [ours.fingerprint])
        let now = ContinuousClock.now
        var used = 0.0
        func onServer<Result>(_ body: () throws -> Result) rethrows -> Result {
            let start = threadCPU()
            defer { used += threadCPU() - start }
            return try body()
        }
        var server: DTLSSession? = try onServer {
            let session = try DTLSSession(certificate: ours, role: .server, fingerprints: [theirs.fingerprint])
            session.start(now: now)
            return session
        }
        client.start(now: now)
        var isMoving = true
        while isMoving {
            isMoving = false
            while let output = client.poll() {
                guard case .transmit(let datagram) = output else { continue }
                isMoving = true
                onServer { datagram.withUnsafeBytes { server?.receive($0, now: now) } }
            }
            while let output = onServer({ server?.poll() }) {
                guard case .transmit(let datagram) = output else { continue }
                isMoving = true
                datagram.withUnsafeBytes { client.receive($0, now: now) }
            }
        }
        onServer { server = nil }
        return used
    }
}
