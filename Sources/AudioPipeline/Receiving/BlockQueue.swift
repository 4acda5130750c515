/// Decoded audio on its way to whoever takes it, in order and bounded: the oldest block is dropped for a new one. An asynchronous
/// sequence for one reader at a time; it goes on where the last reader stopped.
///
/// Thread-safe by one pthread mutex, never held while a reader is resumed.
package final class BlockQueue: AsyncSequence, Sendable {
    private struct State {
        var blocks: [PCMBlock] = []
        var reader: CheckedContinuation<PCMBlock?, Never>?
        var isFinished = false
    }

    private let capacity: Int
    private let state = PosixLock(State())

    /// `capacity`: blocks that may wait.
    package init(capacity: Int) { self.capacity = capacity }

    /// Blocks that wait.
    package var count: Int { state.withLock { $0.blocks.count } }

    /// False when a block was dropped for it.
    @discardableResult
    package func append(_ block: PCMBlock) -> Bool {
        let (reader, fits) = state.withLock { state -> (CheckedContinuation<PCMBlock?, Never>?, Bool) in
            if state.isFinished { return (nil, true) }
            if let reader = state.reader {
                state.reader = nil
                return (reader, true)
            }
            let fits = state.blocks.count < capacity
            if !fits { state.blocks.removeFirst() }
            state.blocks.append(block)
            return (nil, fits)
        }
        reader?.resume(returning: block)
        return fits
    }

    /// What waits can still be read; nothing more comes.
    package func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    package func makeAsyncIterator() -> Iterator { Iterator(queue: self) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let queue: BlockQueue

        nonisolated(nonsending) package mutating func next() async -> PCMBlock? { await queue.next() }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> PCMBlock? { await queue.next() }
    }

    /// Nil at the end, or once the task is cancelled.
    nonisolated(nonsending) private func next() async -> PCMBlock? {
        if let block = state.withLock({ $0.blocks.isEmpty ? nil : $0.blocks.removeFirst() }) { return block }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                let answer = state.withLock { state -> PCMBlock?? in
                    if !state.blocks.isEmpty { return .some(state.blocks.removeFirst()) }
                    if state.isFinished || Task.isCancelled || state.reader != nil { return .some(nil) }
                    state.reader = reader
                    return nil
                }
                if let answer { reader.resume(returning: answer) }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }
}
