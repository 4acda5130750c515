import AudioPipeline
import Dispatch
import Foundation
import Logging
import Metrics
import RealtimeProtocol
import Synchronization

/// The sound of one session, kept beside its events: what passes is noted where it passes and placed and written on the journal's own
/// queue, about a second at a time.
///
/// What finds the queue full is left out and counted; it is silent in the file, and what follows stands in its place.
final class JournalSound: Sendable {
    /// What may wait for the disk: 40 s of both sides. One message of a client may be longer.
    private static let maxWaitingBytes = 4 << 20
    /// A second of one side.
    private static let batchBytes = 48_000
    /// Beside what it holds.
    private static let eventBytes = 64
    /// Two hours: 691 MB.
    static let maxFrames = 2 * 3_600 * SoundFile.hertz

    private struct Waiting {
        var isOpen = true
        var inputs: [(input: RecordedSound.Input, at: Duration)] = []
        var bytes = 0
        var isScheduled = false
    }

    /// Touched on the queue only.
    private struct Writing {
        var sound = RecordedSound()
        var file: SoundFile?
    }

    private let name: String
    private let began: ContinuousClock.Instant
    private let directory: JournalDirectory
    private let queue: DispatchQueue
    private let log: Logger
    private let waiting = Mutex(Waiting())
    private let writing = Mutex(Writing())
    private let dropped = Counter(label: "gateway_audio_dropped_bytes_total", dimensions: [("buffer", "journal")])

    /// - Parameter queue: serial.
    init(
        _ name: String, began: ContinuousClock.Instant, in directory: JournalDirectory, on queue: DispatchQueue,
        logger: Logger
    ) {
        self.name = name
        self.began = began
        self.directory = directory
        self.queue = queue
        log = logger
    }

    /// Whether sound is still kept.
    var isOpen: Bool { waiting.withLock { $0.isOpen } }

    // MARK: What passes

    func heard(_ block: PCMBlock) { add(.heard(block), block.samples.count * 2) }

    func queued(_ samples: [Int16], _ generation: Generation) {
        guard !add(.queued(samples, generation), samples.count * 2) else { return }
        // What is queued after it is not to be taken for it.
        add(.queued([Int16](repeating: 0, count: samples.count), generation), 0)
    }

    func played(_ audio: [PlayedAudio]) { add(.played(audio), Self.eventBytes) }

    /// False for an event that says nothing of sound.
    func passed(_ event: JSONObject, from sender: JournalLine.Sender, bytes: Int) -> Bool {
        guard case .string(let type)? = event["type"], RecordedSound.types.contains(type) else { return false }
        add(sender == .client ? .sent(event) : .received(event), bytes + Self.eventBytes)
        return true
    }

    /// Nothing is added any more; what waits is written.
    func close() {
        waiting.withLock { $0.isOpen = false }
        queue.async {
            self.write()
            self.closeFile()
        }
    }

    /// False when there was no room.
    @discardableResult
    private func add(_ input: RecordedSound.Input, _ bytes: Int) -> Bool {
        let now = ContinuousClock.now - began
        let (fits, isBatch) = waiting.withLock { waiting in
            guard waiting.isOpen else { return (true, false) }
            guard waiting.bytes == 0 || bytes == 0 || waiting.bytes + bytes <= Self.maxWaitingBytes else {
                return (false, false)
            }
            waiting.inputs.append((input, now))
            waiting.bytes += bytes
            guard waiting.bytes >= Self.batchBytes, !waiting.isScheduled else { return (true, false) }
            waiting.isScheduled = true
            return (true, true)
        }
        if isBatch { queue.async { self.write() } }
        if !fits { dropped.increment(by: bytes) }
        return fits
    }

    // MARK: On the queue

    /// Writes what waits.
    func write() {
        let inputs = waiting.withLock { waiting in
            defer { (waiting.inputs, waiting.bytes, waiting.isScheduled) = ([], 0, false) }
            return waiting.inputs
        }
        guard !inputs.isEmpty else { return }
        do {
            let isFull = try writing.withLock { writing in
                let changes = inputs.flatMap { writing.sound.handle($0.input, now: $0.at) }.joined()
                return try write(changes, &writing)
            }
            if isFull { end("length", "the recording is two hours long") }
        } catch {
            end("disk", "\(error)")
        }
    }

    /// True when the file has its whole length.
    private func write(_ changes: [RecordedSound.Change], _ writing: inout Writing) throws -> Bool {
        for change in changes {
            guard change.end <= Self.maxFrames else { return true }
            if writing.file == nil { writing.file = SoundFile(try directory.make(name, .sound)) }
            try writing.file?.make(change)
        }
        try writing.file?.settle()
        return false
    }

    private func end(_ cause: String, _ words: String) {
        let wasOpen = waiting.withLock { waiting in
            defer { (waiting.isOpen, waiting.inputs) = (false, []) }
            return waiting.isOpen
        }
        closeFile()
        guard wasOpen else { return }
        Counter(label: "gateway_journal_failures_total", dimensions: [("cause", cause)]).increment()
        log.error("The sound of a session is not kept any further", metadata: ["error": "\(words)"])
    }

    private func closeFile() {
        writing.withLock { writing in
            writing.file?.close()
            writing.file = nil
        }
    }
}

extension RecordedSound.Change {
    fileprivate var end: Int {
        switch self {
        case .sound(_, let start, let samples): start + samples.count
        case .silence(_, let range): range.upperBound
        }
    }
}

extension [RecordedSound.Change] {
    /// Sound that goes on where the last of the same side ended is one change with it: a frame is a small thing to write.
    fileprivate func joined() -> Self {
        var changes: Self = []
        var last: [RecordedSound.Side: Int] = [:]
        for change in self {
            guard case .sound(let side, let start, let samples) = change else {
                last = [:]
                changes.append(change)
                continue
            }
            if let place = last[side], case .sound(_, let begin, let before) = changes[place],
                begin + before.count == start
            {
                changes[place] = .sound(side, at: begin, before + samples)
            } else {
                last[side] = changes.count
                changes.append(change)
            }
        }
        return changes
    }
}
