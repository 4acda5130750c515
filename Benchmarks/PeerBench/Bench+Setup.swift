import LoadGenerator

/// What calls placed one after the other took.
struct SetupCost {
    /// From the POST to DTLS being up, in seconds.
    var times: [Double] = []
    /// CPU seconds of the gateway until they were up, without what it took that earlier ones stayed up.
    var setupCPU = 0.0
    /// CPU seconds of it until they were gone again.
    var endCPU = 0.0
    /// CPU seconds of handshakes alone, one after each call: then the machine is as fast and its caches are as cold.
    var handshakeCPU = 0.0

    /// Of one call.
    var setupPerCall: Double { setupCPU / Double(max(1, times.count)) }
    var wholePerCall: Double { (setupCPU + endCPU) / Double(max(1, times.count)) }
    var handshake: Double { handshakeCPU / Double(max(1, times.count)) }
}

extension Bench {
    /// Until what the last call asked for is done: its data channel, its session, its end.
    private static let settling = Duration.milliseconds(100)
    /// For what calls take that are up.
    private static let upkeep = Duration.milliseconds(300)

    /// Bars 5 and 5b: calls one after the other, which stay up until as many as `atOnce` are, and end together.
    func setup(
        _ signalling: some Signalling, count: Int, atOnce: Int = 20, data: Bool = true
    ) async throws -> SetupCost {
        var cost = SetupCost()
        // The first pay for what all share.
        try await setUpAndEnd(signalling, atOnce, data: data, &cost)
        cost = SetupCost()
        while cost.times.count < count {
            try await setUpAndEnd(signalling, min(atOnce, count - cost.times.count), data: data, &cost)
        }
        return cost
    }

    private func setUpAndEnd(
        _ signalling: some Signalling, _ count: Int, data: Bool, _ cost: inout SetupCost
    ) async throws {
        let before = gateway.probe.cpuSeconds
        var peers: [SyntheticPeer] = []
        var callSeconds = 0.0
        do {
            for _ in 0..<count {
                let (start, up) = (ContinuousClock.now, Double(peers.count))
                let peer = SyntheticPeer(endpoint: endpoint, id: "setup")
                let time = try await setUp(peer, signalling, data: data)
                peers.append(peer)
                cost.times.append(time)
                cost.handshakeCPU += try HandshakeCost.once()
                callSeconds += up * (start.duration(to: .now) / .seconds(1))
            }
            callSeconds += try await Double(count) * pause(Self.settling)
        } catch {
            await hangUp(peers)
            throw error
        }
        let up = gateway.probe.cpuSeconds
        let kept = try await Double(count) * pause(Self.upkeep)
        let beforeEnding = gateway.probe.cpuSeconds
        await hangUp(peers)
        _ = try await pause(Self.settling)
        cost.setupCPU += up - before - (beforeEnding - up) / kept * callSeconds
        cost.endCPU += gateway.probe.cpuSeconds - beforeEnding
    }

    /// Seconds from the POST to DTLS being up.
    private func setUp(_ peer: SyntheticPeer, _ signalling: some Signalling, data: Bool) async throws -> Double {
        do {
            return try await within(.seconds(10), "a call being set up") {
                try await peer.call(signalling, data: data)
            } / .seconds(1)
        } catch {
            await hangUp([peer])
            throw error
        }
    }

    /// Seconds that it took.
    private func pause(_ time: Duration) async throws -> Double {
        let start = ContinuousClock.now
        try await Task.sleep(for: time)
        return start.duration(to: .now) / .seconds(1)
    }
}
