import Dispatch
import Foundation
package import Logging
import Metrics
import RealtimeProtocol
import ServiceLifecycle
import Synchronization

/// What passed between clients and sessions, kept as long as is configured: a session file (docs/console.md) for each session,
/// which `parley replay` takes, and where it is asked for a file of its sound.
package final class Journal: Service {
    private static let sweepInterval = Duration.seconds(600)

    private let directory: JournalDirectory
    private let keepsSound: Bool
    private let retention: Duration
    private let log: Logger
    private let queue = DispatchQueue(label: "journal", qos: .utility)
    private let running = Mutex<[SessionID: JournalFile]>([:])
    private let failures = Counter(label: "gateway_journal_failures_total", dimensions: [("cause", "disk")])

    package init?(_ settings: GatewayConfiguration.Journal, logger: Logger) throws(GatewayError) {
        guard let path = settings.directory else { return nil }
        do {
            directory = try JournalDirectory(path)
        } catch {
            throw .badDirectory(key: "journal.directory", path: path, reason: "\(error)")
        }
        keepsSound = settings.keepsSound
        retention = settings.retention
        log = logger
    }

    // MARK: Sessions

    /// What passes in a session is kept from now on.
    func begin(_ session: SessionID, call: CallID?) {
        var log = log
        log[metadataKey: "session.id"] = "\(session.rawValue)"
        let file = JournalFile(
            call?.rawValue ?? session.rawValue, in: directory, on: queue, keepsSound: keepsSound, logger: log)
        running.withLock { $0[session] = file }
    }

    /// Nil when it has none.
    func file(of session: SessionID) -> JournalFile? { running.withLock { $0[session] } }

    func end(_ session: SessionID) { running.withLock { $0.removeValue(forKey: session) }?.close() }

    /// Forgets a session by the name of its call, or by its own; one that runs is not kept any further. False when there is none.
    func remove(_ name: String) async throws -> Bool {
        running.withLock { $0.values.first { $0.name == name } }?.close()
        // What was on its way to the file is in it.
        await settle()
        return try directory.remove(name)
    }

    // MARK: Service

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.sweep()
                // Age is told by no event. Cancelled at the stop.
                try? await Task.sleep(for: Self.sweepInterval)
            }
        }
        // Before the process ends.
        await settle()
    }

    /// Returns when what waited for the disk is written.
    func settle() async {
        await withCheckedContinuation { done in queue.async { done.resume() } }
    }

    private func sweep() {
        queue.async { [directory, retention, log, failures] in
            let oldest = Date(timeIntervalSinceNow: -(retention / .seconds(1)))
            do {
                let removed = try directory.removeOlder(than: oldest)
                if removed > 0 { log.info("Journals are forgotten", metadata: ["count": "\(removed)"]) }
            } catch {
                failures.increment()
                log.error("Old journals cannot be removed", metadata: ["error": "\(error)"])
            }
        }
    }
}
