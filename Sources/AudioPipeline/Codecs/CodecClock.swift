import Glibc

/// Thread CPU time spent inside the codec calls, apart for the two directions (CLOCK_THREAD_CPUTIME_ID).
///
/// One call in eight is measured and stands for as many: the clock is a system call, and two for each frame were more than a
/// hundredth of what a call costs.
package struct CodecClock: Sendable, Equatable {
    private static let period: UInt64 = 8
    /// What the clock says of nothing at all: the part of reading it that lies inside a measurement.
    private static let ownNanoseconds: UInt64 = (0..<32).reduce(UInt64.max) { least, _ in
        let begin = threadTime()
        return min(least, threadTime() &- begin)
    }

    package private(set) var encodeNanoseconds: UInt64 = 0
    package private(set) var decodeNanoseconds: UInt64 = 0
    private var encodeCalls: UInt64 = 0
    private var decodeCalls: UInt64 = 0

    package init() {}

    package mutating func measureEncode<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
        defer { encodeCalls &+= 1 }
        guard encodeCalls % Self.period == 0 else { return try body() }
        let begin = Self.threadTime()
        defer { encodeNanoseconds &+= Self.time(since: begin) &* Self.period }
        return try body()
    }

    package mutating func measureDecode<T, E: Error>(_ body: () throws(E) -> T) throws(E) -> T {
        defer { decodeCalls &+= 1 }
        guard decodeCalls % Self.period == 0 else { return try body() }
        let begin = Self.threadTime()
        defer { decodeNanoseconds &+= Self.time(since: begin) &* Self.period }
        return try body()
    }

    private static func time(since begin: UInt64) -> UInt64 {
        let time = threadTime() &- begin
        return time > ownNanoseconds ? time - ownNanoseconds : 0
    }

    private static func threadTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
