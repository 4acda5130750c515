package import AudioPipeline
import CNice
package import Logging

/// What is configured for every peer of the process.
package struct PeerConfiguration: Sendable {
    package var ice = ICEConfiguration()
    package var audio: AudioSettings
    /// Media loops; zero means one per core.
    package var loops = 0
    /// From the offer until DTLS is up.
    package var setupTimeout = Duration.seconds(30)

    package init(audio: AudioSettings) { self.audio = audio }
}

/// What all peers share. Immutable.
struct PeerEnvironment: Sendable {
    let ice: ICEConfiguration
    let audio: AudioSettings
    let setupTimeout: Duration
    let certificate: Certificate
    let clock: NTPClock
    let sctp: SCTPStack
}

/// Makes peers: owns the media loops, the SCTP owner and the certificate.
package final class PeerEndpoint: Sendable {
    private let environment: PeerEnvironment
    private let loops: MediaLoopPool
    private let logger: Logger

    package init(_ configuration: PeerConfiguration, logger: Logger) throws(OpenSSLError) {
        self.logger = logger
        loops = MediaLoopPool(count: configuration.loops)
        environment = PeerEnvironment(
            ice: configuration.ice, audio: configuration.audio, setupTimeout: configuration.setupTimeout,
            certificate: try Certificate(), clock: NTPClock(origin: .now, unixTime: Double(g_get_real_time()) / 1e6),
            sctp: SCTPStack())
        loops.loops.first.map(noteScheduling)
    }

    /// For who wonders why packets leave late on a busy machine.
    private func noteScheduling(_ loop: MediaLoop) {
        loop.execute { [logger] in
            guard !loop.isPrompt else { return }
            logger.debug("The kernel has no short slices (Linux 6.12): media loops may begin late")
        }
    }

    /// A peer on a loop with room; `id` names it in the log. With `packets` its audio is those, not sound.
    package func makePeer(id: String, packets: (any PacketAudio)? = nil) -> PeerConnection {
        PeerConnection(id: id, loop: loops.next, environment: environment, packets: packets, logger: logger)
    }

    /// Ticks that the media loops skipped because they were more than a frame late.
    package var tickOverruns: Int { loopReadings.reduce(0) { $0 + $1.skippedTicks } }

    /// How each media loop is doing; not after `stop`.
    package var loopReadings: [LoopReading] { loops.loops.map(\.reading) }

    /// The peers of one loop, in the order of `loopReadings`, are coded with no more effort than this.
    package func limit(_ effort: EncoderEffort, ofLoop index: Int) {
        guard loops.loops.indices.contains(index) else { return }
        loops.loops[index].maxEffort = effort
    }

    /// Returns when every thread has finished what was queued, the freeing of ended peers included.
    package func settle() async {
        for loop in loops.loops { await loop.settle() }
        await environment.sctp.settle()
    }

    /// Ends the threads; every peer has been closed before.
    package func stop() async {
        await environment.sctp.stop()
        environment.sctp.join()
        loops.stop()
    }
}
