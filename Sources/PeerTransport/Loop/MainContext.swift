import CNice
import Glibc

/// A GLib main context run by one thread, with a wait of our own: GLib's counts in milliseconds, and takes a system call for
/// each change of a deadline.
///
/// `wakeUp` is for any thread, the rest for the one that called `own`.
final class MainContext {
    let pointer: OpaquePointer
    private var polled = UnsafeMutableBufferPointer<GPollFD>.allocate(capacity: 16)

    init() { pointer = g_main_context_new() }

    deinit {
        polled.deallocate()
        g_main_context_unref(pointer)
    }

    /// Before the first turn.
    func own() { g_main_context_acquire(pointer) }

    func disown() { g_main_context_release(pointer) }

    /// Waits until a source is ready, `wakeUp` is called or `limit` is over, nil for none; then serves what is ready.
    func turn(limit: Duration?) {
        var priority: gint = 0
        g_main_context_prepare(pointer, &priority)
        var timeoutMs: gint = -1
        let count = query(priority, &timeoutMs)
        wait(count, min(nanoseconds(limit), timeoutMs < 0 ? .max : gint64(timeoutMs) * 1_000_000))
        if g_main_context_check(pointer, priority, polled.baseAddress, count) != 0 { g_main_context_dispatch(pointer) }
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

    /// `nanoseconds`: the greatest number there is means for ever.
    private func wait(_ count: gint, _ nanoseconds: gint64) {
        _ = parley_ppoll(polled.baseAddress, guint(count), nanoseconds == .max ? -1 : nanoseconds)
    }

    private func nanoseconds(_ limit: Duration?) -> gint64 {
        guard let (seconds, attoseconds) = limit.map({ max(.zero, $0).components }) else { return .max }
        return gint64(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
