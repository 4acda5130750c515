import ServiceLifecycle

/// Gives the memory of sessions that have ended back to the kernel, in a pause: while anybody talks, nobody shall wait for the
/// allocator.
struct MemoryReturn: Service {
    private static let interval = Duration.seconds(5)

    let sessions: SessionRegistry

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
    }

    private func watch() async {
        var pauses = PauseFinder()
        // A pause is told by time alone. Cancelled at the stop.
        while (try? await Task.sleep(for: Self.interval)) != nil {
            if pauses.note(sessions: await sessions.count) { ProcessMemory.giveBack() }
        }
    }
}

/// Finds the pauses between sessions.
struct PauseFinder {
    private var hasSeenSessions = false
    private var wasEmpty = false

    /// How many sessions there are now. True once in each pause: at the second look in a row that finds none.
    mutating func note(sessions: Int) -> Bool {
        guard sessions == 0 else {
            hasSeenSessions = true
            wasEmpty = false
            return false
        }
        defer { wasEmpty = true }
        guard wasEmpty, hasSeenSessions else { return false }
        hasSeenSessions = false
        return true
    }
}
