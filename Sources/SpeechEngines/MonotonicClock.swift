/// What sessions and engines read the time from and sleep on: `ContinuousClock`, or a manual one in tests.
package protocol MonotonicClock: Clock where Instant == ContinuousClock.Instant, Duration == Swift.Duration {}

extension ContinuousClock: MonotonicClock {}
