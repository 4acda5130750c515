/// When each call of a group begins and ends, in seconds since the run's beginning.
package struct CallSchedule: Equatable, Sendable {
    package struct Slot: Equatable, Sendable {
        package var begin: Double
        package var end: Double
        package var talks: Bool
    }

    package let slots: [Slot]

    /// - Parameters:
    ///   - calls: at once; of no meaning where calls come and go.
    ///   - seconds: how long the run is.
    package init(_ group: LoadGroup, calls: Int, seconds: Double) {
        guard let churn = group.churn else {
            let ramp = min(group.rampSeconds, seconds)
            slots = (0..<calls).map { index in
                Slot(
                    begin: ramp * Double(index) / Double(calls), end: seconds,
                    talks: Self.isShare(index, group.talkers))
            }
            return
        }
        let count = max(1, Int((seconds * churn.perSecond).rounded(.down)))
        slots = (0..<count).map { index in
            let begin = Double(index) / churn.perSecond
            return Slot(begin: begin, end: begin + churn.holdSeconds, talks: Self.isShare(index, group.talkers))
        }
    }

    /// Whether the one with this number is among `share` of all, spread evenly; exact for every stretch of numbers.
    static func isShare(_ index: Int, _ share: Double) -> Bool {
        (Double(index + 1) * share + 1e-9).rounded(.down) > (Double(index) * share + 1e-9).rounded(.down)
    }
}
