import Dispatch
import Foundation
import Logging
import Metrics
import Synchronization

/// The file of one session: lines go to it in order, on the journal's own queue, so that no session waits for a disk. It is made
/// with its first line.
///
/// A file without holes or none: where a line cannot be kept, the file ends before it, which is counted and logged.
final class JournalFile: Sendable {
    /// What may wait for the disk.
    private static let maxWaitingBytes = 4 << 20

    private struct State {
        var isOpen = true
        var waitingBytes = 0
    }

    let name: String
    /// Nil where it is not kept.
    let sound: JournalSound?
    private let began: ContinuousClock.Instant
    private let directory: JournalDirectory
    private let queue: DispatchQueue
    private let log: Logger
    private let state = Mutex(State())
    /// Touched on the queue only.
    private let handle = Mutex<FileHandle?>(nil)

    /// - Parameters:
    ///   - queue: serial.
    ///   - keepsSound: both sides' sound is kept beside the events.
    init(
        _ name: String, in directory: JournalDirectory, on queue: DispatchQueue, keepsSound: Bool, logger: Logger
    ) {
        self.name = name
        began = .now
        sound =
            keepsSound ? JournalSound(name, began: began, in: directory, on: queue, logger: logger) : nil
        self.directory = directory
        self.queue = queue
        log = logger
    }

    func add(_ message: [UInt8], from sender: JournalLine.Sender) {
        let ms = (ContinuousClock.now - began) / .milliseconds(1)
        guard state.withLock({ $0.isOpen }), let event = JournalLine.event(message) else { return }
        let isSound = sound?.passed(event, from: sender, bytes: message.count) ?? false
        let line = JournalLine.line(event, from: sender, ms: ms)
        let fits = state.withLock { state in
            guard state.waitingBytes + line.count <= Self.maxWaitingBytes else { return false }
            state.waitingBytes += line.count
            return true
        }
        guard fits else { return fail("backlog", "its disk is too slow") }
        queue.async {
            self.write(line)
            // A pause in the sound keeps none of it from the disk.
            if !isSound { self.sound?.write() }
        }
    }

    /// Nothing is added any more; what waits is written.
    func close() {
        sound?.close()
        guard stop() else { return }
        closeHandle()
    }

    private func write(_ line: [UInt8]) {
        state.withLock { $0.waitingBytes -= line.count }
        do {
            try handle.withLock { handle in
                if handle == nil {
                    let made = try directory.make(name, .events)
                    try made.write(contentsOf: JournalLine.head)
                    handle = made
                }
                try handle?.write(contentsOf: line)
            }
        } catch {
            fail("disk", "\(error)")
        }
    }

    private func fail(_ cause: String, _ words: String) {
        guard stop() else { return }
        Counter(label: "gateway_journal_failures_total", dimensions: [("cause", cause)]).increment()
        log.error("The journal of a session ends before the session", metadata: ["error": "\(words)"])
        closeHandle()
    }

    private func closeHandle() {
        queue.async { self.handle.withLock { try? $0?.close() } }
    }

    /// False when it was over already.
    private func stop() -> Bool {
        state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
    }
}
