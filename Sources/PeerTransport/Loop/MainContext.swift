import CNice
import Glibc

/// A GLib main context run by one thread, with a wait of our own: GLib's counts in milliseconds, and takes a system call for
/// each change of a deadline.
///
/// `wakeUp` is for any thread, the rest for the one that called `own`.
final class MainContext {
    let pointer: OpaquePointer
    private var polled = UnsafeMutableBufferPointer<GPollFD>.allocate(capacity: 16)
    /// What GLib was told to wait for when it was last asked.
    private var count: gint = 0
    private var due: ContinuousClock.Instant?
    /// Since it was asked.
    private var turns = MainContext.turnsBetween
    private static let turnsBetween = 4

    init() { pointer = g_main_context_new() }

    deinit {
        polled.deallocate()
        g_main_context_unref(pointer)
    }

    /// Before the first turn.
    func own() { g_main_context_acquire(pointer) }

    func disown() { g_main_context_release(pointer) }

    /// Waits until a source is ready, `wakeUp` is called or `limit` is over, nil for none; then serves what is ready.
    ///
    /// What GLib waits for is asked after a change and in every fourth turn: it is a walk over all sources, and every agent has some.
    func turn(limit: Duration?) {
        turns += 1
        guard turns < Self.turnsBetween, limit != nil else { return serve(limit: limit) }
        let isTimer = isSooner(limit)
        if wait(isTimer ? due.map { $0 - .now } : limit) > 0 || isTimer { serve(limit: .zero) }
    }

    /// What this thread did since the last turn may have made sources; those that other threads make call `wakeUp`.
    func mayHaveChanged() { turns = Self.turnsBetween }

    private func serve(limit: Duration?) {
        turns = 0
        var priority: gint = 0
        g_main_context_prepare(pointer, &priority)
        var timeoutMs: gint = -1
        count = query(priority, &timeoutMs)
        due = timeoutMs < 0 ? nil : .now + .milliseconds(timeoutMs)
        _ = wait(isSooner(limit) ? .milliseconds(timeoutMs) : limit)
        guard g_main_context_check(pointer, priority, polled.baseAddress, count) != 0 else { return }
        g_main_context_dispatch(pointer)
        mayHaveChanged()
    }

    /// Whether a timer of GLib's is due before `limit` is over.
    private func isSooner(_ limit: Duration?) -> Bool {
        guard let due else { return false }
        return limit.map { due - .now < $0 } ?? true
    }

    /// Serves what is ready now; false when that is nothing.
    @discardableResult
    func serve() -> Bool { g_main_context_iteration(pointer, 0) != 0 }

    /// Ends the wait of a turn, or of the next one.
    func wakeUp() { g_main_context_wakeup(pointer) }

    /// What is to be polled, into `polled`; returns how many those are.
    private func query(_ priority: gint, _ timeoutMs: inout gint) -> gint {
        while true {
            let count = g_main_context_query(
                pointer, priority, &timeoutMs, polled.baseAddress, gint(clamping: polled.count))
            guard count > polled.count else { return count }
            polled.deallocate()
            polled = .allocate(capacity: Int(count) * 2)
        }
    }

    /// For as long as `limit`, nil for ever; returns how many are ready.
    private func wait(_ limit: Duration?) -> Int32 {
        let nanoseconds = limit.map { gint64(max(0, $0.nanoseconds)) } ?? -1
        return parley_ppoll(polled.baseAddress, guint(count), nanoseconds)
    }
}
