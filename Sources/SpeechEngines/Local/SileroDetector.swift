import Foundation
import SessionEngine

/// Silero VAD for many sessions: windows that wait at the same time are run as one batch.
package final class SileroDetector: VoiceActivityDetector {
    let batcher: SileroBatcher

    init(runtime: ONNXRuntime, model path: String, lane: InferenceLane) throws(LocalEngineError) {
        batcher = SileroBatcher(session: try runtime.makeSession(model: path), lane: lane)
    }

    package func makeStream() -> any VoiceActivityStream { SileroStream(batcher: batcher) }
}

/// What Silero remembers between the windows of one session.
struct SileroMemory: Sendable {
    /// Samples before the window that the model wants again (4 ms).
    static let contextSamples = 64
    static let stateSize = 128

    var context = [Float](repeating: 0, count: contextSamples)
    /// Two layers.
    var state = [Float](repeating: 0, count: 2 * stateSize)
}

/// One session's memory; its windows come one after another.
private final class SileroStream: VoiceActivityStream, @unchecked Sendable {
    // Used by the one task that calls, per the protocol; the lock makes a careless caller harmless.
    private let lock = NSLock()
    private var memory = SileroMemory()
    private var gate = SilenceGate()
    private let batcher: SileroBatcher

    init(batcher: SileroBatcher) { self.batcher = batcher }

    func probability(in window: [Int16]) async throws(EngineFailure) -> Double {
        precondition(window.count == voiceActivityWindow)
        if let answer = skip(window) { return Double(answer) }
        let samples = window.map { Float($0) / 32768 }
        let (probability, next) = try await batcher.run(samples, lock.withLock { memory })
        lock.withLock {
            memory = next
            gate.heard(probability)
        }
        return Double(probability)
    }

    func reset() {
        lock.withLock {
            memory = SileroMemory()
            gate = SilenceGate()
        }
    }

    /// The model hears the end of the silence when it hears again.
    private func skip(_ window: [Int16]) -> Float? {
        lock.withLock {
            guard let answer = gate.answer(to: window) else { return nil }
            memory.context = window.suffix(SileroMemory.contextSamples).map { Float($0) / 32768 }
            return answer
        }
    }
}

/// Collects the windows of all sessions while the lane is busy and runs them together.
final class SileroBatcher: @unchecked Sendable {
    private static let maxBatch = 32
    private static let maxWaiting = 1024

    private struct Request {
        let samples: [Float]
        let memory: SileroMemory
        let answer: CheckedContinuation<Result<(Float, SileroMemory), EngineFailure>, Never>
    }

    // `waiting` is touched under the lock.
    private let lock = NSLock()
    private var waiting: [Request] = []
    private let session: ONNXSession
    private let lane: InferenceLane

    init(session: ONNXSession, lane: InferenceLane) {
        self.session = session
        self.lane = lane
    }

    /// Samples of one window, -1 to 1.
    func run(_ samples: [Float], _ memory: SileroMemory) async throws(EngineFailure) -> (Float, SileroMemory) {
        let outcome = await withCheckedContinuation { continuation in
            let request = Request(samples: samples, memory: memory, answer: continuation)
            let admitted = lock.withLock {
                guard waiting.count < Self.maxWaiting else { return false }
                waiting.append(request)
                return true
            }
            guard admitted else {
                continuation.resume(returning: .failure(.overloaded("voice activity", Self.maxWaiting)))
                return
            }
            // Each window asks for a run; one that finds its window already served does nothing.
            lane.post { [self] in serve() }
        }
        return try outcome.get()
    }

    private func serve() {
        let batch = lock.withLock {
            let taken = Array(waiting.prefix(Self.maxBatch))
            waiting.removeFirst(taken.count)
            return taken
        }
        guard !batch.isEmpty else { return }
        do {
            for (request, answer) in zip(batch, try evaluate(batch)) {
                request.answer.resume(returning: .success(answer))
            }
        } catch {
            for request in batch { request.answer.resume(returning: .failure(EngineFailure(error))) }
        }
    }

    private func evaluate(_ batch: [Request]) throws(LocalEngineError) -> [(Float, SileroMemory)] {
        let (count, size) = (batch.count, SileroMemory.stateSize)
        let length = SileroMemory.contextSamples + voiceActivityWindow
        // The state has its layer before the batch.
        let state = (0..<2).flatMap { layer in
            batch.flatMap { $0.memory.state[layer * size..<(layer + 1) * size] }
        }
        let outputs = try session.floats(
            [
                ("input", .floats(Tensor(batch.flatMap { $0.memory.context + $0.samples }, shape: [count, length]))),
                ("state", .floats(Tensor(state, shape: [2, count, size]))),
                ("sr", .integers(Tensor([16000], shape: []))),
            ], outputs: ["output", "stateN"])
        guard outputs.count == 2, outputs[0].values.count == count, outputs[1].values.count == state.count else {
            throw .output(model: "Silero VAD", reason: "unexpected shapes")
        }
        return batch.enumerated().map { index, request in
            var memory = SileroMemory()
            memory.context = Array(request.samples.suffix(SileroMemory.contextSamples))
            memory.state = (0..<2).flatMap { layer in
                let start = (layer * count + index) * size
                return outputs[1].values[start..<start + size]
            }
            return (outputs[0].values[index], memory)
        }
    }
}
