import RealtimeProtocol

/// Which items of a context must go so that it fits the model's window (RT-184, RT-185).
enum ContextTruncation {
    /// The outcome for one context.
    enum Verdict: Equatable {
        /// The oldest so many items go; 0 where all fit.
        case drop(Int)
        /// Too long, and truncation is disabled.
        case tooLong(tokens: Int, limit: Int)
    }

    /// - Parameters:
    ///   - sizes: estimated tokens of the items, oldest first.
    ///   - fixed: tokens of instructions and tools, which never go.
    ///   - window: tokens of context the model takes, what it may answer already taken off.
    static func verdict(sizes: [Int], fixed: Int, window: Int, _ truncation: Truncation) -> Verdict {
        let total = sizes.reduce(0, +)
        let room = window - fixed
        switch truncation {
        case .disabled:
            return total > room ? .tooLong(tokens: total + fixed, limit: window) : .drop(0)
        case .auto:
            return .drop(total > room ? oldest(of: sizes, total: total, keeping: room) : 0)
        case .retention(let ratio, let postInstructions):
            let limit = min(room, postInstructions ?? room)
            guard total > limit else { return .drop(0) }
            let kept = ratio.isFinite ? Int((Double(max(0, limit)) * min(max(ratio, 0), 1)).rounded(.down)) : limit
            return .drop(oldest(of: sizes, total: total, keeping: kept))
        }
    }

    /// How many of the oldest go until at most `limit` is left; the newest always stays.
    private static func oldest(of sizes: [Int], total: Int, keeping limit: Int) -> Int {
        var remaining = total
        var dropped = 0
        while remaining > limit, dropped < sizes.count - 1 {
            remaining -= sizes[dropped]
            dropped += 1
        }
        return dropped
    }
}
