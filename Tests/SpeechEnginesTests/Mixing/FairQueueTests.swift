import Testing

@testable import SpeechEngines

@Suite("Who is served next") struct FairQueueTests {
    @Test("Up to the limit all are served, then they wait in order, as long as they may")
    func bounded() throws {
        var queue = FairQueue<String>(limit: 2)
        let first = try #require(served(queue.enter("a", mayWait: true)))
        _ = try #require(served(queue.enter("b", mayWait: true)))
        let third = try #require(waiting(queue.enter("c", mayWait: true)))
        let fourth = try #require(waiting(queue.enter("d", mayWait: true)))
        #expect(queue.enter("e", mayWait: false) == .full)
        #expect((queue.servedCount, queue.waitingCount) == (2, 2))
        #expect(queue.leave(first) == third)
        #expect(queue.leave(third) == fourth)
        #expect((queue.servedCount, queue.waitingCount) == (2, 0))
    }

    @Test("A conversation that is being served lets others go first")
    func fair() throws {
        var queue = FairQueue<String>(limit: 2)
        let first = try #require(served(queue.enter("greedy", mayWait: true)))
        let second = try #require(served(queue.enter("b", mayWait: true)))
        let more = try #require(waiting(queue.enter("greedy", mayWait: true)))
        let modest = try #require(waiting(queue.enter("c", mayWait: true)))
        #expect(queue.leave(second) == modest)
        #expect(queue.leave(modest) == more, "nobody else waits")
        #expect(queue.leave(first) == nil)
    }

    @Test("Who does not wait any more is passed over")
    func calledOff() throws {
        var queue = FairQueue<String>(limit: 1)
        let first = try #require(served(queue.enter("a", mayWait: true)))
        let second = try #require(waiting(queue.enter("b", mayWait: true)))
        #expect(queue.leave(second) == nil)
        let third = try #require(waiting(queue.enter("c", mayWait: true)))
        #expect(queue.leave(first) == third)
    }

    @Test(
        "Of fifty conversations that ask again and again on eight places, each waits for one request of every other at most"
    )
    func fifty() throws {
        var queue = FairQueue<Int>(limit: 8)
        var running: [(ticket: FairQueue<Int>.Ticket, conversation: Int)] = []
        var waiting: [FairQueue<Int>.Ticket: Int] = [:]
        // Who began while somebody waited.
        var overtakers: [Int: [Int]] = [:]
        func begin(_ ticket: FairQueue<Int>.Ticket, _ conversation: Int) {
            running.append((ticket, conversation))
            overtakers[conversation] = nil
            for waiter in overtakers.keys { overtakers[waiter]?.append(conversation) }
        }
        func enter(_ conversation: Int) {
            switch queue.enter(conversation, mayWait: true) {
            case .served(let ticket): begin(ticket, conversation)
            case .waiting(let ticket):
                waiting[ticket] = conversation
                overtakers[conversation] = []
            case .full: Issue.record("there were places for all")
            }
        }
        for conversation in 0..<50 { enter(conversation) }
        for round in 0..<5_000 {
            let (ticket, conversation) = running.remove(at: round * 7 % running.count)
            if let next = queue.leave(ticket), let other = waiting.removeValue(forKey: next) { begin(next, other) }
            enter(conversation)
            #expect(overtakers.values.allSatisfy { Set($0).count == $0.count })
        }
    }

    private func served<C>(_ entry: FairQueue<C>.Entry) -> FairQueue<C>.Ticket? {
        if case .served(let ticket) = entry { ticket } else { nil }
    }

    private func waiting<C>(_ entry: FairQueue<C>.Entry) -> FairQueue<C>.Ticket? {
        if case .waiting(let ticket) = entry { ticket } else { nil }
    }
}
