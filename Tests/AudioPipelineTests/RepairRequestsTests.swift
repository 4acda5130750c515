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

    @Test("A gap is asked for at once, and again after 240 ms while nothing is known, three times in all")
    mutating func asks() {
        _ = receive(10, at: 0)
        #expect(due(at: 0) == [])
        _ = receive(13, at: 60)
        #expect(due(at: 60) == [11, 12])
        #expect(due(at: 299) == [])
        #expect(due(at: 300) == [11, 12])
        #expect(due(at: 540) == [11, 12])
        #expect(due(at: 780) == [])
    }

    @Test("What comes, or what another packet carries, is asked for no more")
    mutating func stops() {
        _ = receive(10, at: 0)
        _ = receive(13, at: 60)
        #expect(due(at: 60) == [11, 12])
        requests.restored(12)
        #expect(receive(11, at: 100))
        #expect(due(at: 900) == [])
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

    @Test("A path that becomes longer is learnt although everything is asked for twice by then")
    mutating func longer() {
        var time = 0
        for index in Int64(0)..<40 {
            let way = index < 10 ? 40 : 200
            _ = receive(2 * index + 1, at: time)
            for later in stride(from: 0, to: way, by: 20) { _ = due(at: time + later) }
            if index > 0 { #expect(receive(2 * index, at: time + way)) }
            time += 400
        }
        _ = receive(100, at: time)
        _ = due(at: time)
        #expect(due(at: time + 180) == [])
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

    @Test(
        "Where answers take longer than anybody waits they are asked for every five seconds, to know when that is over")
    mutating func tooFar() {
        _ = receive(1, at: 0)
        _ = receive(3, at: 40)
        #expect(due(at: 40) == [2])
        #expect(receive(2, at: 300))
        #expect(requests.patience == .zero)
        _ = receive(5, at: 340)
        #expect(due(at: 340) == [])
        // The path is short again: three that come soon may have been overtaken, the fourth tells.
        for (index, time) in [5_040, 10_080, 15_120].enumerated() {
            _ = receive(Int64(7 + 2 * index), at: time)
            #expect(due(at: time) == [Int64(6 + 2 * index)])
            #expect(!receive(Int64(6 + 2 * index), at: time + 40))
        }
        _ = receive(13, at: 20_160)
        #expect(due(at: 20_160) == [12])
        #expect(receive(12, at: 20_200))
        #expect(requests.patience == .milliseconds(240))
        _ = receive(15, at: 20_220)
        #expect(due(at: 20_220) == [14])
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
