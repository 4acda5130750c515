import AudioPipeline
import Foundation
import GatewayServer
import LoadGenerator
import PeerTransport
import RealtimeProtocol
import Testing

/// Calls under load speak with the scripted engine, as in the rest of the suite: usrsctp has one owner in a process.
extension SpokenCallTests {
    @Test("Talkers under load are understood and answered, and each figure of theirs is there")
    func load() async throws {
        let scenario = try Self.scenario(
            """
            seconds: 8
            calls: 2
            ramp: 0.2
            speech: {file: tone.wav, says: "what was said"}
            think: 0.1
            session: {audio: {input: {turn_detection: {type: server_vad, silence_duration_ms: 200}}}}
            thresholds: [unanswered == 0, transcripts_wrong == 0, failed == 0, dropped == 0]
            """)
        try await withCalls(answer: "Short.") { calls, endpoint in
            let report = try await Self.run(scenario, InProcess(calls: calls), endpoint)
            let step = try #require(report.steps.first)
            #expect(report.isPassed, "\(step.verdicts.filter { !$0.isMet })")
            #expect(step.all.count(.connected) == 2 && step.all.count(.answered) >= 2)
            #expect(step.all.count(.transcriptsChecked) == step.all.count(.answered))
            for measure in [LoadMeasure.postToAnswer, .postToFirstRTP, .speechToAudio, .pacing, .jitter] {
                #expect((step.all.times[measure]?.count ?? 0) > 0, "\(measure)")
            }
        }
    }

    @Test("A server that is full refuses what is too much, and the rest of the load goes on")
    func full() async throws {
        let scenario = try Self.scenario(
            """
            seconds: 2
            calls: 3
            ramp: 0.3
            thresholds: [refused == 1, connected == 2, failed == 0]
            """)
        try await withCalls(answer: "Short.") { calls, endpoint in
            let signalling = Counted(base: InProcess(calls: calls), limit: 2)
            let report = try await Self.run(scenario, signalling, endpoint)
            #expect(report.isPassed)
            #expect(report.steps.first?.all.reasons == ["refused with 503": 1])
        }
    }

    @Test("A load that is stopped hangs up its calls and reports what there was, and nothing of it as failed")
    func cutShort() async throws {
        let scenario = try Self.scenario(
            """
            seconds: 3600
            calls: 3
            ramp: 0.1
            thresholds: [failed == 0, dropped == 0]
            """)
        try await withCalls(answer: "Short.") { calls, endpoint in
            let (seconds, told) = AsyncStream.makeStream(of: Int.self)
            let running = Task {
                defer { told.finish() }
                return try await Self.run(scenario, InProcess(calls: calls), endpoint) { progress in
                    if case .second(let point, _) = progress { told.yield(point.callsUp) }
                }
            }
            for await up in seconds where up == 3 { break }
            running.cancel()
            let report = try await running.value
            #expect(report.isCutShort && report.isPassed)
            #expect(report.steps.first?.all.count(.connected) == 3)
            #expect(report.text.hasSuffix("The run was cut short."))
        }
    }

    private static func scenario(_ yaml: String) throws -> LoadScenario { try LoadScenario(yaml: yaml) }

    private static func run(
        _ scenario: LoadScenario, _ signalling: any Signalling, _ endpoint: PeerEndpoint,
        progress: @escaping @Sendable (LoadProgress) -> Void = { _ in }
    ) async throws -> LoadReport {
        let folder = FileManager.default.temporaryDirectory.appending(path: "load-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let tone = (0..<24 * 500).map { Int16($0 % 60 < 30 ? 6_000 : -6_000) }
        try Data(WAVFile.encoded([tone], hertz: 24_000)).write(to: folder.appending(path: "tone.wav"))
        let server = LoadServer(
            address: "in this process", signalling: { _ in signalling },
            connect: { _ in throw LoadFailure.failed("there is no WebSocket here") })
        return try await LoadRun(
            scenario, server: server, endpoint: endpoint, watch: ServerWatch(process: nil, metrics: nil, key: nil),
            folder: folder
        ).run(progress: progress)
    }
}

/// Answers so many offers, and refuses every other one.
private final class Counted: Signalling {
    private let base: any Signalling
    private let left: PosixLock<Int>

    init(base: any Signalling, limit: Int) {
        self.base = base
        left = PosixLock(limit)
    }

    func exchange(offer: String) async throws -> String {
        let isLeft = left.withLock { left in
            left -= 1
            return left >= 0
        }
        guard isLeft else { throw SignallingError.refused(status: 503, body: "full") }
        return try await base.exchange(offer: offer)
    }
}
