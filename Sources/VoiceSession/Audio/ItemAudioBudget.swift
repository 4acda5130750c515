import Synchronization

/// What the items of all sessions may keep of sound together, beyond what each may keep in any case.
package final class ItemAudioBudget: Sendable {
    /// 1 MiB, 21 s of PCM: the turn that is being answered.
    static let ownBytes = 1 << 20

    private let limitBytes: Int
    private let held = Atomic<Int>(0)

    package init(limitBytes: Int) { self.limitBytes = limitBytes }

    var heldBytes: Int { held.load(ordering: .relaxed) }
    fileprivate var isSpent: Bool { heldBytes > limitBytes }

    /// One session's part, which it gives back when it is gone.
    final class Share: Sendable {
        private let budget: ItemAudioBudget
        private let bytes = Atomic<Int>(0)

        init(_ budget: ItemAudioBudget) { self.budget = budget }

        deinit { budget.held.subtract(bytes.load(ordering: .relaxed), ordering: .relaxed) }

        func hold(_ count: Int) {
            let before = bytes.exchange(count, ordering: .relaxed)
            budget.held.add(count - before, ordering: .relaxed)
        }

        /// Whether this session has to let go of something.
        var isTooMuch: Bool { budget.isSpent && bytes.load(ordering: .relaxed) > ItemAudioBudget.ownBytes }
    }
}
