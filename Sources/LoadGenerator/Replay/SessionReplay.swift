import RealtimeProtocol

/// A recorded session had once more: does what its `ReplayMachine` says.
package actor SessionReplay {
    private static let tick = Duration.milliseconds(20)

    private let line: SessionLine
    private let tell: @Sendable (String) -> Void
    private var machine: ReplayMachine
    private var report: ReplayReport
    private var isOver = false

    private init(
        _ line: SessionLine, _ machine: ReplayMachine, _ report: ReplayReport,
        _ tell: @escaping @Sendable (String) -> Void
    ) {
        self.line = line
        self.machine = machine
        self.report = report
        self.tell = tell
    }

    /// Returns when the recording is through, or the server has ended the session.
    ///
    /// - Parameter tell: is given each turn as it ends, and what went another way, in words.
    package static func run(
        _ events: [RecordedEvent], plan: ReplayPlan, over line: SessionLine, tell: @escaping @Sendable (String) -> Void
    ) async -> ReplayReport {
        let machine = ReplayMachine(plan, recorded: events, now: .now)
        return await SessionReplay(line, machine, ReplayReport(recorded: events), tell).run()
    }

    private func run() async -> ReplayReport {
        await withTaskGroup { group in
            group.addTask { await self.listen() }
            group.addTask { await self.watchTime() }
            await group.next()
            group.cancelAll()
        }
        line.close()
        return report
    }

    private func listen() async {
        while let message = await line.next() {
            guard case .object(let event)? = try? JSONParser.parse(message) else { continue }
            let actions = machine.event(event, now: .now)
            report.note(event)
            perform(actions)
        }
        if !isOver { report.brokenOff = "The server ended the session before the recording was through." }
        isOver = true
    }

    private func watchTime() async {
        while !isOver {
            perform(machine.advance(now: .now))
            // Quiet, and how far an answer has come, are told by no event.
            try? await Task.sleep(for: Self.tick)
        }
    }

    private func perform(_ actions: [ReplayMachine.Action]) {
        for action in actions {
            switch action {
            case .send(let event): line.send(event)
            case .turnEnded(let turn):
                report.note(turn)
                tell(turn.text)
            case .note(let words): tell(words)
            case .hangUp: isOver = true
            }
        }
    }
}
