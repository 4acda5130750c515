import ArgumentParser
import AudioPipeline
import Foundation
import LoadGenerator
import Logging
import PeerTransport
import Wire

/// The media plane alone: each packet of sound goes back to who sent it, without a codec. For bar 2, in a process of its own.
///
/// Each line of its standard input is an offer in base64; a line of its output is the answer. It ends with the input.
struct PassThrough: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send packets back undecoded: offers on standard input, answers on standard output.",
        shouldDisplay: false)

    @Option(help: "Address for media.")
    var address = MachineAddress.first()

    func run() async throws {
        let endpoint = try Bars.endpoint(address)
        var count = 0
        for await line in Self.lines() {
            guard let offer = Data(base64Encoded: line) else { throw ValidationError("a line that is no base64") }
            count += 1
            let peer = endpoint.makePeer(id: "echo-\(count)", packets: PacketEcho())
            let parsed = try Offer(parsing: String(decoding: offer, as: UTF8.self))
            let answer = try await peer.answer(parsed, try parsed.negotiate())
            try FileHandle.standardOutput.write(contentsOf: Data((Data(answer.utf8).base64EncodedString() + "\n").utf8))
            // Kept until it ends.
            Task { await peer.closed() }
        }
    }

    /// Read on a thread of their own: a wait for input would hold one of the few that tasks share.
    private static func lines() -> AsyncStream<String> {
        AsyncStream { continuation in
            Thread.detachNewThread {
                while let line = readLine() { continuation.yield(line) }
                continuation.finish()
            }
        }
    }
}

/// Packets between their arrival and the frame that takes them back.
final class PacketEcho: PacketAudio {
    private struct State {
        var slots = [[UInt8]](repeating: [], count: PacketEcho.maxWaiting)
        var first = 0
        var waiting = 0
    }

    /// What comes when so many wait is dropped: two clocks drift.
    private static let maxWaiting = 8
    private let state = PosixLock(State())

    func frame(into room: UnsafeMutableRawBufferPointer, now: ContinuousClock.Instant) -> PacketAudioFrame? {
        state.withLock { state in
            guard state.waiting > 0, state.slots[state.first].count <= room.count else { return nil }
            let bytes = state.slots[state.first].count
            room.copyBytes(from: state.slots[state.first])
            state.first = (state.first + 1) % Self.maxWaiting
            state.waiting -= 1
            return PacketAudioFrame(bytes: bytes)
        }
    }

    func received(_ header: RTPHeader, payload: UnsafeRawBufferPointer, now: ContinuousClock.Instant) {
        state.withLock { state in
            guard state.waiting < Self.maxWaiting else { return }
            let slot = (state.first + state.waiting) % Self.maxWaiting
            state.slots[slot].removeAll(keepingCapacity: true)
            state.slots[slot].append(contentsOf: payload)
            state.waiting += 1
        }
    }
}
