import AudioPipeline
import Foundation
import Testing
import Wire

/// Whole traces of bad networks through the receiver, on virtual time with a poll every 5 ms.
@Suite("Traces of networks") struct NetworkTraceTests {
    private struct Arrival {
        var packet: Int
        var time: Duration
    }

    /// When each packet was decoded or given up, by the clock's position of its block.
    private struct Played {
        var receiver: AudioReceiver
        var blocks: [PCMBlock] = []
        /// Ends of blocks and when they came.
        var times: [(end: Int64, at: Duration)] = []
    }

    @Test("Packets that others overtake are waited for, and nearly none is given up")
    func reordering() throws {
        let played = try play("reordering")
        #expect(played.receiver.counters.late <= 12)
        #expect(isWhole(played.blocks))
    }

    @Test("Bursts of loss, jitter, reordering and repeats at once leave sound without a hole")
    func everything() throws {
        let arrivals = try trace("everything")
        let played = try play("everything")
        let lost = 1_000 - Set(arrivals.map(\.packet)).count
        #expect(isWhole(played.blocks))
        #expect(played.receiver.counters.duplicates > 0)
        // Those that never came, and a few that came too late.
        #expect(played.receiver.counters.lost <= UInt64(lost) + 10)
    }

    @Test("Two seconds after a burst of jitter nothing is held for it any more, and the burst itself is held for")
    func burst() throws {
        let played = try play("burst")
        #expect(isWhole(played.blocks))
        // Delay of a block's end behind the moment its last sample was spoken, less the path's 20 ms.
        let delays = played.times.map { (spoken: Duration.samples($0.end), late: $0.at - .samples($0.end)) }
        let during = delays.filter { $0.spoken > .seconds(8) && $0.spoken < .seconds(9.5) }.map(\.late).max()
        let after = delays.filter { $0.spoken > .seconds(11.5) }.map(\.late).max()
        #expect(try #require(during) > .milliseconds(60))
        #expect(try #require(after) <= .milliseconds(25))
    }

    @Test("A recorded telephone link that stands still for seconds costs no word, and is heard at once when it goes on")
    func stalls() throws {
        let played = try play("umts-uplink")
        let packets = try trace("umts-uplink").count
        #expect(isWhole(played.blocks))
        #expect(played.receiver.counters.lost == 0 && played.receiver.counters.ahead == 0)
        #expect(played.blocks.map { Int($0.end.rawValue) }.max() == packets * 960)
        let delays = played.times.map { (end: Duration.samples($0.end), late: $0.at - .samples($0.end)) }
        #expect(try #require(delays.map(\.late).max()) > .seconds(3))
        // The link takes a packet every 10 to 50 ms again.
        #expect(try #require(delays.filter { $0.end > .seconds(9.4) }.map(\.late).max()) <= .milliseconds(80))
    }

    /// A tone, one packet for each arrival.
    private func play(_ name: String) throws -> Played {
        let tone = Signal.tone(hertz: 440, samples: 960 * 1_000, rate: .hz48000)
        let packets = try OpusSource(expectedLossPercent: 10).packets(of: tone, each: .milliseconds(20))
        var played = Played(receiver: try AudioReceiver(codec: .opus, rate: .hz8000))
        let start = ContinuousClock.now
        var arrivals = try trace(name)[...]
        for step in 0..<4_400 {
            let time = Duration.milliseconds(5 * step)
            while let next = arrivals.first, next.time <= time {
                arrivals.removeFirst()
                _ = packets[next.packet].withUnsafeBytes {
                    played.receiver.receive(
                        sequence: UInt16(next.packet), timestamp: UInt32(next.packet) * 960, payload: $0,
                        now: start + next.time)
                }
                drain(&played, at: next.time, start)
            }
            drain(&played, at: time, start)
        }
        return played
    }

    private func drain(_ played: inout Played, at time: Duration, _ start: ContinuousClock.Instant) {
        while let block = played.receiver.poll(now: start + time) {
            played.blocks.append(block)
            // The first packet is spoken from time zero on.
            played.times.append((block.end.rawValue - 960, time - .milliseconds(20)))
        }
    }

    private func isWhole(_ blocks: [PCMBlock]) -> Bool {
        zip(blocks, blocks.dropFirst()).allSatisfy { $0.end == $1.start }
    }

    private func trace(_ name: String) throws -> [Arrival] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "trace"))
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
            let fields = line.split(separator: " ")
            let packet = try #require(fields.first.flatMap { Int($0) })
            let milliseconds = try #require(fields.last.flatMap { Double($0) })
            return Arrival(packet: packet, time: .microseconds(Int64(milliseconds * 1_000)))
        }
    }
}

extension Duration {
    /// Of the media clock, 1/48000 s.
    fileprivate static func samples(_ ticks: Int64) -> Duration { .nanoseconds(ticks * 62_500 / 3) }
}
