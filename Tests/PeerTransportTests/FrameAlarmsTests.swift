import Testing

@testable import PeerTransport

@Suite("Frame alarms", .timeLimit(.minutes(1)))
struct FrameAlarmsTests {
    /// Waits in alarms that the test rings.
    private actor Bell {
        private var alarms = FrameAlarms()
        private(set) var sleepers = 0

        func sleep(until due: ContinuousClock.Instant) async throws {
            let id = alarms.makeID()
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                    alarms.add(continuation, due: due, id)
                    sleepers += 1
                }
            } onCancel: {
                Task { await self.cancel(id) }
            }
        }

        func ring(_ now: ContinuousClock.Instant) { alarms.ring(now: now) }

        func cancelAll() { alarms.cancelAll() }

        private func cancel(_ id: FrameAlarms.ID) { alarms.cancel(id) }
    }

    @Test("Each wakes with the first frame at or after its time, in whatever order they came")
    func order() async throws {
        let (bell, start) = (Bell(), ContinuousClock.now)
        let late = Task { try await bell.sleep(until: start + .milliseconds(60)) }
        let early = Task { try await bell.sleep(until: start + .milliseconds(20)) }
        while await bell.sleepers < 2 { await Task.yield() }
        await bell.ring(start + .milliseconds(19))
        await bell.ring(start + .milliseconds(40))
        try await early.value
        await bell.ring(start + .milliseconds(60))
        try await late.value
    }

    @Test("Who is cancelled is let go alone, and all are with the call")
    func cancelled() async throws {
        let (bell, start) = (Bell(), ContinuousClock.now)
        let tasks = (0..<3).map { _ in Task { try await bell.sleep(until: start + .seconds(60)) } }
        while await bell.sleepers < 3 { await Task.yield() }
        tasks[1].cancel()
        await #expect(throws: CancellationError.self) { try await tasks[1].value }
        await bell.cancelAll()
        for task in [tasks[0], tasks[2]] { await #expect(throws: CancellationError.self) { try await task.value } }
    }
}
