/// Maps the machine's instants to NTP time (RFC 3550 §4), from one reading of both clocks taken by the caller.
struct NTPClock {
    private let origin: ContinuousClock.Instant
    private let secondsAtOrigin: Double

    /// Seconds from 1900, the NTP epoch, to 1970.
    private static let unixEpoch = 2_208_988_800.0

    /// `unixTime`: seconds since 1970 at `origin`.
    init(origin: ContinuousClock.Instant, unixTime: Double) {
        self.origin = origin
        secondsAtOrigin = unixTime + Self.unixEpoch
    }

    /// Seconds since `origin`.
    func seconds(at instant: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = (instant - origin).components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    /// 32.32 fixed point.
    func timestamp(at instant: ContinuousClock.Instant) -> UInt64 {
        let now = secondsAtOrigin + seconds(at: instant)
        let whole = now.rounded(.down)
        // Era 1 begins in 2036: the seconds wrap, as receivers expect.
        return UInt64(truncatingIfNeeded: Int64(whole)) << 32 | UInt64((now - whole) * 4_294_967_296)
    }

    /// A duration in units of 1/65536 s, as DLSR is given.
    static func units65536(_ duration: Duration) -> UInt32 {
        UInt32(clamping: Int64(duration / .seconds(1) * 65_536))
    }

    /// RFC 3550 §6.4.1: A − LSR − DLSR; nil when it comes out negative.
    func roundTrip(since lastReport: UInt32, held: UInt32, now: ContinuousClock.Instant) -> Duration? {
        let middle = UInt32(truncatingIfNeeded: timestamp(at: now) >> 16)
        let units = Int32(bitPattern: middle &- lastReport &- held)
        return units < 0 ? nil : .seconds(Double(units) / 65_536)
    }
}
