import ArgumentParser
import Foundation
import GatewayServer
import LoadGenerator
import Logging
import PeerTransport
import RealtimeProtocol

/// What is wrong with this machine's Parley, and what to do.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that a call needs, up to a spoken call, and say what to do where it fails.",
        discussion: """
            Takes the keys of parley serve. The models are loaded, and a server is started on a free port of loopback for one spoken
            question; a server that runs already is left alone. The exit status is 1 when something failed.
            """)

    @Option(help: "YAML file with keys; parley.yaml is read if it is there.")
    var config: String?

    @Flag(help: "Print one JSON object instead of words.")
    var json = false

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var keys: [String] = []

    func run() async throws {
        let isJSON = json
        let tell = { @Sendable (finding: DoctorFinding) in
            guard !isJSON else { return }
            print(finding.text)
            fflush(nil)
        }
        let findings = await findings(tell)
        let isWell = findings.allSatisfy { $0.grade != .failed }
        if json { print(DoctorFinding.json(findings)) }
        fflush(nil)
        // As `parley serve` ends: a thread of a model's runtime may be in the middle of a step.
        _exit(isWell ? EXIT_SUCCESS : EXIT_FAILURE)
    }

    private func findings(_ tell: @Sendable (DoctorFinding) -> Void) async -> [DoctorFinding] {
        let configuration: GatewayConfiguration
        do {
            configuration = try GatewayConfiguration(
                arguments: keys, environment: ProcessInfo.processInfo.environment, file: config)
        } catch {
            tell(Doctor.finding(error))
            return [Doctor.finding(error)]
        }
        let silent = Logger(label: "parley.doctor") { _ in SwiftLogNoOpLogHandler() }
        return await Doctor(configuration, logger: silent, caller: Self.call).examine(tell)
    }

    private static func call(
        _ server: URL, _ samples: [Int16], _ endpoint: PeerEndpoint
    ) async -> CallCheck.Outcome {
        do {
            let report = try await SpokenCall.run(
                [Utterance(name: "the question", samples: samples)], settings: CallSettings(),
                through: RealtimeSignalling(server: server), endpoint: endpoint)
            guard let turn = report.turns.first else { return .failed("The call ended without a turn.") }
            guard turn.status == "completed" else { return .failed(turn.failure ?? "The answer is \(turn.status).") }
            return .answered(question: turn.question, answer: turn.answer, heardAfter: turn.stages[.heard])
        } catch let error as CallFailure {
            return .failed(error.description)
        } catch {
            return .failed("\(error)")
        }
    }
}
