import AudioPipeline

/// The conversations an engine can hold at once, so that one too many is refused at the door instead of slow for everyone.
package final class EngineSeats: Sendable {
    /// Nil: no limit.
    package let capacity: Int?
    private let taken = PosixLock(0)

    package init(capacity: Int?) { self.capacity = capacity }

    /// A place for one conversation; nil when all are taken.
    package func take() -> EngineSeat? {
        let isFree = taken.withLock { count in
            if let capacity, count >= capacity { return false }
            count += 1
            return true
        }
        return isFree ? EngineSeat(self) : nil
    }

    fileprivate func giveBack() { taken.withLock { $0 -= 1 } }
}

/// One conversation's place with an engine; free again when it is given back, or forgotten.
package final class EngineSeat: Sendable {
    private let seats: EngineSeats
    private let isTaken = PosixLock(true)

    fileprivate init(_ seats: EngineSeats) { self.seats = seats }

    deinit { giveBack() }

    /// Idempotent.
    package func giveBack() {
        let wasTaken = isTaken.withLock { taken in
            defer { taken = false }
            return taken
        }
        if wasTaken { seats.giveBack() }
    }
}
