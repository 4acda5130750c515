/// Who is served at once and who waits, for one server: first come, first served, but that a conversation with fewer
/// requests being served comes before one with more. Bounded. Pure.
struct FairQueue<Conversation: Hashable & Sendable>: Sendable {
    /// One request, from when it came until it left.
    struct Ticket: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    enum Entry: Equatable, Sendable {
        case served(Ticket)
        case waiting(Ticket)
        /// There is no place to wait.
        case full
    }

    private let limit: Int
    private var number: UInt64 = 0
    private var served: [Ticket: Conversation] = [:]
    private var waiting: [(ticket: Ticket, conversation: Conversation)] = []

    /// - Parameter limit: served at once; nil: any number.
    init(limit: Int?) { self.limit = limit ?? .max }

    var servedCount: Int { served.count }
    var waitingCount: Int { waiting.count }

    /// Whether one more than `others` would be served at once.
    func hasFree(beside others: Int) -> Bool { others < limit - served.count }

    func isWaiting(_ ticket: Ticket) -> Bool { waiting.contains { $0.ticket == ticket } }

    /// - Parameter mayWait: whether there is a place to wait.
    mutating func enter(_ conversation: Conversation, mayWait: Bool) -> Entry {
        number += 1
        let ticket = Ticket(number: number)
        if served.count < limit {
            served[ticket] = conversation
            return .served(ticket)
        }
        guard mayWait else { return .full }
        waiting.append((ticket, conversation))
        return .waiting(ticket)
    }

    /// A request is over, or will not wait any more; the one that is served in its place, if any.
    mutating func leave(_ ticket: Ticket) -> Ticket? {
        guard served.removeValue(forKey: ticket) != nil else {
            waiting.removeAll { $0.ticket == ticket }
            return nil
        }
        guard let next = next else { return nil }
        let (ticket, conversation) = waiting.remove(at: next)
        served[ticket] = conversation
        return ticket
    }

    private var next: Int? {
        var busy: [Conversation: Int] = [:]
        for conversation in served.values { busy[conversation, default: 0] += 1 }
        return waiting.indices.min { left, right in
            let (more, less) = (busy[waiting[left].conversation] ?? 0, busy[waiting[right].conversation] ?? 0)
            return more == less ? left < right : more < less
        }
    }
}
