import CoreMetrics
import SessionEngine

/// What one line of the configuration has of a server's places: its own bound of waiting requests, and what is counted of it.
final class ServerSeats: Sendable {
    /// A place, until it is given back.
    struct Seat: Sendable {
        fileprivate let ticket: ServerPlaces.Queue.Ticket
    }

    /// Of all lines together.
    let places: ServerPlaces
    private let queued: Int
    private let metrics: ServerMetrics

    init(_ places: ServerPlaces, queued: Int, metrics: ServerMetrics) {
        self.places = places
        self.queued = queued
        self.metrics = metrics
    }

    /// A place for a request of this session, when its turn comes; nil where no more may wait.
    ///
    /// - Throws: when the task is cancelled.
    func take(_ session: StageSession) async throws(EngineFailure) -> Seat? {
        let entry = places.enter(session, of: ObjectIdentifier(self), queued: queued)
        show()
        switch entry {
        case .full: return nil
        case .served(let ticket): return Seat(ticket: ticket)
        case .waiting(let ticket):
            let isServed = await places.served(ticket)
            show()
            guard isServed else { throw .cancelled }
            return Seat(ticket: ticket)
        }
    }

    func giveBack(_ seat: Seat) {
        places.leave(seat.ticket)
        show()
    }

    private func show() {
        let counts = places.counts(of: ObjectIdentifier(self))
        metrics.running.record(counts.served)
        metrics.waiting.record(counts.waiting)
    }
}
