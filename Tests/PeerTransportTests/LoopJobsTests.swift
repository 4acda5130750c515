import AudioPipeline
import Testing

@testable import PeerTransport

@Suite("Jobs of a media loop")
struct LoopJobsTests {
    private let done = PosixLock<[Int]>([])

    private func push(_ numbers: ClosedRange<Int>, on jobs: LoopJobs) {
        for number in numbers { _ = jobs.push(.closure { [done] in done.withLock { $0.append(number) } }) }
    }

    /// What is done while there is time for so many.
    private func drain(_ jobs: LoopJobs, atMost limit: Int = .max) -> [Int] {
        var left = limit
        jobs.drain {
            left -= 1
            return left > 0
        } _: {
            if case .closure(let work) = $0 { work() }
        }
        return done.withLock { done in
            defer { done = [] }
            return done
        }
    }

    @Test("What there was no time for is done first the next time, in the order in which it was asked for")
    func order() {
        let jobs = LoopJobs()
        push(1...5, on: jobs)
        #expect(drain(jobs, atMost: 2) == [1, 2])
        push(6...7, on: jobs)
        #expect(!jobs.prepareToWait())
        #expect(drain(jobs) == [3, 4, 5])
        #expect(!jobs.prepareToWait())
        #expect(drain(jobs) == [6, 7])
        #expect(jobs.prepareToWait())
    }

    @Test("One job is done however little time there is")
    func progress() {
        let jobs = LoopJobs()
        push(1...2, on: jobs)
        #expect(drain(jobs, atMost: 0) == [1])
        #expect(drain(jobs, atMost: 0) == [2])
        #expect(drain(jobs, atMost: 0) == [])
    }

    @Test("The thread is woken by the first job that comes while it waits, and by no other")
    func waking() {
        let jobs = LoopJobs()
        let work = LoopJobs.Job.closure {}
        #expect(!jobs.push(work))
        #expect(drain(jobs) == [])
        #expect(jobs.prepareToWait())
        #expect(jobs.push(work))
        #expect(!jobs.push(work))
        jobs.hasWaited()
        #expect(!jobs.prepareToWait())
    }
}
