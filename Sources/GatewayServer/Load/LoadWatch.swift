import Metrics
import PeerTransport
import ServiceLifecycle
import Synchronization

/// Reads once a second how the process does: for admission (`Headroom`) and for `GET /metrics`.
final class LoadWatch: Service {
    private static let interval = Duration.seconds(1)

    private let endpoint: PeerEndpoint
    private let headroom: Mutex<Headroom>
    private let usage = ProcessUsage()
    private let busy: [Gauge]
    private let skipped = Counter(label: "gateway_media_ticks_skipped_total")

    init(_ endpoint: PeerEndpoint, _ limits: Headroom.Limits) {
        self.endpoint = endpoint
        headroom = Mutex(Headroom(limits))
        busy = endpoint.loopReadings.indices.map {
            Gauge(label: "gateway_media_loop_busy_ratio", dimensions: [("loop", String($0))])
        }
    }

    /// Takes another session, or says in words why not.
    func admit() -> String? { headroom.withLock { $0.admit() } }

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.watch() }
    }

    private func watch() async {
        var last = (at: ContinuousClock.now, loops: endpoint.loopReadings)
        var next = last.at
        while !Task.isCancelled {
            next += Self.interval
            // A reading is taken by the clock. Cancelled at the stop.
            try? await Task.sleep(until: next, clock: .continuous)
            let now = (at: ContinuousClock.now, loops: endpoint.loopReadings)
            headroom.withLock { $0.note(now.loops, now: now.at) }
            for (index, gauge) in busy.enumerated() {
                gauge.record((now.loops[index].cpu - last.loops[index].cpu) / (now.at - last.at))
                skipped.increment(by: now.loops[index].skippedTicks - last.loops[index].skippedTicks)
            }
            usage.record()
            last = now
        }
    }
}
