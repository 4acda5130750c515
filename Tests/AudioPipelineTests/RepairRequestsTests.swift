import AudioPipeline
import Testing

@Suite("Requests for missing packets") struct RepairRequestsTests {
    private var requests = RepairRequests()
    private let start = ContinuousClock.now

    private mutating func receive(_ sequence: Int64, at milliseconds: Int) -> Bool {
        requests.received(sequence, now: start + .milliseconds(milliseconds))
    }

    private mutating func due(at milliseconds: Int) -> [Int64] {
        requests.due(now: start + .milliseconds(milliseconds))
    }

    @Test("A gap is asked for at once, and again after 100 ms while nothing is known, three times in all")
    mutating func asks() {
        _ = receive(10, at: 0)
        #expect(due(at: 0) == [])
        _ = receive(13, at: 60)
        #expect(due(at: 60) == [11, 12])
        #expect(due(at: 159) == [])
        #expect(due(at: 160) == [11, 12])
        #expect(due(at: 260) == [11, 12])
        #expect(due(at: 400) == [])
    }

    @Test("What comes, or what another packet carries, is asked for no more")
    mutating func stops() {
        _ = receive(10, at: 0)
        _ = receive(13, at: 60)
        #expect(due(at: 60) == [11, 12])
        requests.restored(12)
        #expect(receive(11, at: 100))
        #expect(due(at: 300) == [])
    }

    @Test("Nobody waits for a peer that has not answered; then for as long as two answers take")
    mutating func patience() {
        _ = receive(10, at: 0)
        _ = receive(12, at: 40)
        #expect(due(at: 40) == [11])
        #expect(requests.patience == .zero)
        #expect(receive(11, at: 80))
        // 40 ms, and four times the deviation of half of that.
        #expect(requests.patience == .milliseconds(240))
        var time = 100
        for sequence in stride(from: Int64(14), to: 200, by: 2) {
            _ = receive(sequence, at: time)
            #expect(due(at: time) == [sequence - 1])
            #expect(receive(sequence - 1, at: time + 40))
            time += 60
        }
        // 40 ms and the margin, twice.
        #expect(requests.patience >= .milliseconds(99) && requests.patience <= .milliseconds(101))
    }

    @Test("A packet that was only overtaken is no answer")
    mutating func overtaken() {
        _ = receive(1, at: 0)
        _ = receive(3, at: 40)
        #expect(due(at: 40) == [2])
        #expect(receive(2, at: 80))
        _ = receive(5, at: 100)
        #expect(due(at: 100) == [4])
        #expect(!receive(4, at: 110))
    }

    @Test("A peer that never answers is asked no more after 24 packets")
    mutating func inVain() {
        var asked = 0
        for index in 0..<100 {
            _ = receive(Int64(2 * index), at: 1_000 * index)
            asked += Set(due(at: 1_000 * index)).count
        }
        #expect(asked >= 24 && asked <= 26, "\(asked)")
    }

    @Test("Nothing is asked for where answers take longer than anybody waits")
    mutating func tooFar() {
        _ = receive(1, at: 0)
        _ = receive(3, at: 40)
        #expect(due(at: 40) == [2])
        #expect(receive(2, at: 300))
        #expect(requests.patience == .zero)
        _ = receive(5, at: 340)
        #expect(due(at: 340) == [])
    }

    @Test("Of a long gap the last twelve are asked for, and of many gaps the last 48 packets")
    mutating func bounds() {
        _ = receive(0, at: 0)
        _ = receive(100, at: 2_000)
        #expect(due(at: 2_000) == Array(88..<100))
        for index in 1...100 { _ = receive(Int64(100 + 100 * index), at: 2_000) }
        #expect(due(at: 2_000).count == 48)
    }

    @Test("A new run of numbers forgets what was missing")
    mutating func restarts() {
        _ = receive(1, at: 0)
        _ = receive(3, at: 40)
        requests.restart()
        _ = receive(5_000, at: 60)
        #expect(due(at: 60) == [])
    }
}
