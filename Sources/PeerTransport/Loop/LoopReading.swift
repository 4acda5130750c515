/// How a media loop is doing, counted since its start.
package struct LoopReading: Equatable, Sendable {
    /// Served while the loop had peers; four make a frame.
    package var ticks = 0
    /// Of those, that came `late` or more after their time, or were skipped.
    package var lateTicks = 0
    /// That were skipped, the loop being more than a frame late.
    package var skippedTicks = 0
    /// Processor time of the loop's thread.
    package var cpu = Duration.zero
    /// Peers that it serves now.
    package var members = 0

    /// A frame that leaves so late is heard as one, where the listener's buffer is short.
    package static let late = Duration.milliseconds(10)

    package init() {}
}
