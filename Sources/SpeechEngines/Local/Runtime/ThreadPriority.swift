import Glibc

/// The niceness of one thread, which Linux keeps per thread.
enum ThreadPriority {
    /// Of the calling thread and of threads it makes later; 0 is normal, higher yields to others.
    static func set(_ niceness: Int32) {
        // The "process" 0 is the calling thread.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    }
}
