import AudioPipeline
import Metrics
import PeerTransport
import ServiceLifecycle
import Synchronization

/// Reads once a second how the process does: for admission (`Headroom`), for the encoders (`CodecEffort`) and for `GET /metrics`.
final class LoadWatch: Service {
    private static let interval = Duration.seconds(1)

    private let endpoint: PeerEndpoint
    private let headroom: Mutex<Headroom>
    private let usage = ProcessUsage()
    private let audio: GatewayConfiguration.Audio
    private let busy: [Gauge]
    private let complexity: [Gauge]
    private let wideband: [Gauge]
    private let skipped = Counter(label: "gateway_media_ticks_skipped_total")

    init(_ endpoint: PeerEndpoint, _ limits: Headroom.Limits, _ audio: GatewayConfiguration.Audio) {
        self.endpoint = endpoint
        self.audio = audio
        headroom = Mutex(Headroom(limits))
        busy = endpoint.loopReadings.indices.map {
            Gauge(label: "gateway_media_loop_busy_ratio", dimensions: [("loop", String($0))])
        }
        complexity = endpoint.loopReadings.indices.map {
            Gauge(label: "gateway_codec_complexity", dimensions: [("loop", String($0))])
        }
        wideband = endpoint.loopReadings.indices.map {
            Gauge(label: "gateway_codec_wideband", dimensions: [("loop", String($0))])
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
        var efforts = last.loops.map { _ in CodecEffort(most: Int32(clamping: audio.complexity)) }
        while !Task.isCancelled {
            next += Self.interval
            // A reading is taken by the clock. Cancelled at the stop.
            try? await Task.sleep(until: next, clock: .continuous)
            let now = (at: ContinuousClock.now, loops: endpoint.loopReadings)
            headroom.withLock { $0.note(now.loops, now: now.at) }
            for (index, gauge) in busy.enumerated() {
                let share = (now.loops[index].cpu - last.loops[index].cpu) / (now.at - last.at)
                gauge.record(share)
                if audio.followsLoad { efforts[index].second(busy: share) }
                let effort = efforts[index].effort
                endpoint.limit(effort, ofLoop: index)
                complexity[index].record(effort.complexity)
                wideband[index].record(effort.isWideband ? 1 : 0)
                skipped.increment(by: now.loops[index].skippedTicks - last.loops[index].skippedTicks)
            }
            usage.record()
            last = now
        }
    }
}
