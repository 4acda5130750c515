public import Glibc
import Synchronization

/// The wall clock that C libraries of this test process read.
///
/// usrsctp takes the time of day from libc and retransmits only what has been out for that long, whatever its timers
/// say, so a test that moves them faster than time would wait for real seconds. This definition of `gettimeofday`
/// stands before libc's for every library of the test executable.
package enum VirtualTimeOfDay {
    /// Microseconds since 1970; zero means the real clock.
    fileprivate static let microseconds = Atomic<Int64>(0)
    private static let origin: Int64 = 1_700_000_000_000_000

    /// Makes the clock show `elapsed` since a fixed origin.
    package static func set(_ elapsed: Duration) {
        microseconds.store(origin + Int64(elapsed / .microseconds(1)), ordering: .relaxed)
    }

    /// Gives the process its real clock back.
    package static func reset() { microseconds.store(0, ordering: .relaxed) }
}

@_cdecl("gettimeofday")
public func virtualTimeOfDay(
    _ time: UnsafeMutablePointer<timeval>?, _ zone: UnsafeMutableRawPointer?
) -> Int32 {
    let virtual = VirtualTimeOfDay.microseconds.load(ordering: .relaxed)
    if virtual != 0 {
        time?.pointee = timeval(tv_sec: Int(virtual / 1_000_000), tv_usec: Int(virtual % 1_000_000))
        return 0
    }
    var now = timespec()
    let code = clock_gettime(CLOCK_REALTIME, &now)
    time?.pointee = timeval(tv_sec: now.tv_sec, tv_usec: now.tv_nsec / 1_000)
    return code
}
