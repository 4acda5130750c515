import Glibc

/// Thread CPU time spent inside the codec calls, apart for the two directions (CLOCK_THREAD_CPUTIME_ID).
package struct CodecClock: Sendable, Equatable {
    package var encodeNanoseconds: UInt64 = 0
    package var decodeNanoseconds: UInt64 = 0

    package init() {}

    package mutating func measureEncode<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
        let begin = Self.threadTime()
        defer { encodeNanoseconds &+= Self.threadTime() &- begin }
        return try body()
    }

    package mutating func measureDecode<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
        let begin = Self.threadTime()
        defer { decodeNanoseconds &+= Self.threadTime() &- begin }
        return try body()
    }

    private static func threadTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
