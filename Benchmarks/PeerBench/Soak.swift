import ArgumentParser
import AudioPipeline
import LoadGenerator
import Logging
import PeerTransport
import Wire

/// Calls between two peers of this process over loopback, a third of them killed without goodbye: nothing may stay.
struct Soak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open and close calls in this process, then check that nothing is left of them.")

    @Option(help: "Calls one after the other.")
    var calls = 100

    @Option(help: "Calls at once, after those.")
    var atOnce = 30

    @Option(help: "Memory that may stay, in bytes per call: less than one peer's codec state.")
    var slackBytes = 32_768

    @Option(help: "Threads that may have come: those of Swift's cooperative pool.")
    var slackThreads = 2

    @Option(help: "Seconds after which the whole run is given up.")
    var limitSeconds = 600

    @Flag(help: "Report memory without judging it: sanitizers keep freed memory.")
    var ignoreMemory = false

    func run() async throws {
        Watchdog.start(limitSeconds: limitSeconds, of: "soak")
        let endpoint = try PeerEndpoint(
            Self.peerConfiguration(), logger: Logger(label: "soak") { _ in SwiftLogNoOpLogHandler() })
        // One round first: caches, arenas and threads come with the first calls and stay by design.
        try await round(endpoint, sequential: calls, atOnce: atOnce)
        let before = reading()
        try await round(endpoint, sequential: calls, atOnce: atOnce)
        let after = reading()
        await endpoint.stop()
        try judge(before, after)
    }

    private func round(_ endpoint: PeerEndpoint, sequential: Int, atOnce: Int) async throws {
        var killed: [PeerConnection] = []
        for index in 0..<sequential {
            if let survivor = try await SoakCall.run(endpoint, index) { killed.append(survivor) }
        }
        try await withThrowingTaskGroup(of: PeerConnection?.self) { group in
            for index in 0..<atOnce { group.addTask { try await SoakCall.run(endpoint, index) } }
            for try await survivor in group { if let survivor { killed.append(survivor) } }
        }
        // Those whose caller vanished notice by lost consent (RFC 7675) and end by themselves.
        for survivor in killed {
            await survivor.closed()
            guard survivor.closeReason == .consentLost else {
                throw SoakFailure(
                    reason: "a peer whose caller vanished ended by \(String(describing: survivor.closeReason))")
            }
        }
        await endpoint.settle()
    }

    /// After giving the allocator's free pages back: a vanished caller's peer lives on for seconds, so what counts is
    /// what is held, not the most that ever was.
    private func reading() -> ProcessProbe.Reading {
        _ = mallocTrim(0)
        return ProcessProbe().reading
    }

    private func judge(_ before: ProcessProbe.Reading, _ after: ProcessProbe.Reading) throws {
        let total = calls + atOnce
        let grown = after.residentBytes - before.residentBytes
        print(
            """
            soak: \(total) calls, a third killed without goodbye
              file descriptors  \(before.fileDescriptors) -> \(after.fileDescriptors)
              sockets           \(before.sockets) -> \(after.sockets)
              threads           \(before.threads) -> \(after.threads)
              resident memory   \(before.residentBytes / 1024) -> \(after.residentBytes / 1024) KiB \
            (\(grown / total) B per call, \(slackBytes) allowed)
            """)
        guard after.fileDescriptors <= before.fileDescriptors, after.sockets <= before.sockets else {
            throw SoakFailure(reason: "file descriptors are left")
        }
        // Swift's cooperative pool starts its threads when it first needs them.
        guard after.threads <= before.threads + slackThreads else { throw SoakFailure(reason: "threads are left") }
        guard ignoreMemory || grown <= slackBytes * total else { throw SoakFailure(reason: "memory is left") }
    }

    private static func peerConfiguration() -> PeerConfiguration {
        var encoder = OpusEncoderSettings()
        encoder.complexity = 0
        var configuration = PeerConfiguration(audio: AudioSettings(rate: .hz24000, encoder: encoder))
        configuration.ice.addresses = ["127.0.0.1"]
        return configuration
    }
}

/// malloc_trim(3), which the Glibc module leaves out.
@_silgen_name("malloc_trim")
private func mallocTrim(_ pad: Int) -> Int32

struct SoakFailure: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}
