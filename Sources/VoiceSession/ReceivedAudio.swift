package import AudioPipeline

/// What a peer says, block by block, and who else is to have each block when it is taken. For one reader at a time.
package struct ReceivedAudio: AsyncSequence, Sendable {
    private let queue: BlockQueue
    private let tap: (@Sendable (PCMBlock) -> Void)?

    package init(_ queue: BlockQueue) { self.init(queue, nil) }

    private init(_ queue: BlockQueue, _ tap: (@Sendable (PCMBlock) -> Void)?) {
        self.queue = queue
        self.tap = tap
    }

    /// `tap` is called where the reader runs.
    package func tapped(_ tap: @escaping @Sendable (PCMBlock) -> Void) -> ReceivedAudio { ReceivedAudio(queue, tap) }

    package func makeAsyncIterator() -> Iterator { Iterator(base: queue.makeAsyncIterator(), tap: tap) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: BlockQueue.Iterator
        fileprivate let tap: (@Sendable (PCMBlock) -> Void)?

        nonisolated(nonsending) package mutating func next() async -> PCMBlock? {
            let block = await base.next()
            if let tap, let block { tap(block) }
            return block
        }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> PCMBlock? { await next() }
    }
}
