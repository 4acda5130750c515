import LoadGenerator
import RealtimeProtocol
import Testing

@Suite("A load's scenario")
struct LoadScenarioTests {
    @Test("Every key of a scenario of one group is read")
    func oneGroup() throws {
        let scenario = try LoadScenario(
            yaml: """
                name: mine
                model: some-model
                seed: 7
                seconds: 30
                settle: 2
                transport: websocket
                calls: [10, 20]
                ramp: 5
                talkers: 0.5
                speech:
                  - one.wav
                  - {file: two.wav, says: "Two, please."}
                think: [0.5, 2]
                patience: 9
                interrupt: 0.25
                interrupt-after: 0.5
                microphone: speech
                chunk-ms: 40
                tools:
                  - {name: look, output: "It rains."}
                session: {instructions: Be short., audio: {output: {speed: 1.5}}}
                loss: 0.02
                decode: true
                thresholds: ["pacing_ms.p99 <= 10", failed == 0]
                """)
        #expect(scenario.name == "mine" && scenario.model == "some-model" && scenario.seed == 7)
        #expect(scenario.seconds == 30 && scenario.settleSeconds == 2)
        let group = try #require(scenario.groups.first)
        #expect(group.transport == .websocket && group.calls == [10, 20] && group.rampSeconds == 5)
        #expect(group.speech == [.init(file: "one.wav"), .init(file: "two.wav", says: "Two, please.")])
        #expect(group.thinkSeconds == 0.5...2 && group.patienceSeconds == 9 && group.talkers == 0.5)
        #expect(group.interrupt == 0.25 && group.interruptAfterSeconds == 0.5)
        #expect(group.microphone == .speech && group.chunkMs == 40 && group.lossShare == 0.02 && group.decodes)
        #expect(group.tools.map(\.name) == ["look"])
        #expect(group.session["instructions"] == .string("Be short."))
        #expect(scenario.thresholds.map(\.name) == ["pacing_ms.p99", "failed"])
        #expect(scenario.thresholds.map(\.relation) == [.atMost, .equal])
    }

    @Test("Groups stand beside each other, and a threshold names one of them")
    func groups() throws {
        let scenario = try LoadScenario(
            yaml: """
                groups:
                  honest: {calls: 3}
                  flood: {calls: 1, model: other, flood: {packets-per-second: 10000, event-bytes: 200000, events-per-second: 4}}
                thresholds: [honest.pacing_ms.p99 < 5]
                """)
        #expect(scenario.groups.map(\.name) == ["honest", "flood"])
        #expect(scenario.groups[1].flood?.packetsPerSecond == 10_000 && scenario.groups[1].model == "other")
        #expect(scenario.thresholds.first?.group == "honest" && scenario.thresholds.first?.name == "pacing_ms.p99")
    }

    @Test(
        "What is wrong is refused with its key and what is wanted",
        arguments: [
            ("calls: many", "calls: a whole number from 1 to 100000 is wanted"),
            ("wrong: 1", "wrong: this key is unknown; there are name, model"),
            ("transport: pigeon", "transport: one of webrtc, websocket is wanted"),
            ("groups: {a: {talkers: 2}}", "groups.a.talkers: a number from 0 to 1 is wanted"),
            ("groups: {a: {calls: 1}}\ncalls: 3", "calls: this key is unknown"),
            ("churn: {per-second: 3}", "churn: per-second and hold are wanted"),
            ("think: [2, 1]", "think: a number is wanted, or [least, most]"),
            ("tools: [{name: x}]", "tools[0]: name and output are wanted"),
            ("thresholds: [speed > 1]", "thresholds[0]: speed > 1: there is no figure speed"),
            ("flood: {event-bytes: 1000000}", "flood: a message of a data channel has at most 260000 bytes"),
            ("thresholds: [failed]", "thresholds[0]: failed: it needs one of"),
            ("thresholds: [failed == none]", "thresholds[0]: failed == none: on the right of == stands a number"),
            ("groups: {a: {calls: 1}, b: 3}", "groups.b: a mapping of keys is wanted"),
            ("groups: {a: {calls: [1, 2]}, b: {calls: 1}}", "groups.a.calls: several numbers are for one group alone"),
            ("", "The file is empty."),
            ("a: [", "This is no YAML"),
        ])
    func mistakes(yaml: String, words: String) {
        do {
            _ = try LoadScenario(yaml: yaml)
            Issue.record("taken: \(yaml)")
        } catch {
            #expect(error.description.hasPrefix(words))
        }
    }

    @Test("Calls begin evenly over the ramp, and all end together")
    func ramp() {
        var group = LoadGroup()
        group.rampSeconds = 2
        group.talkers = 0.5
        let slots = CallSchedule(group, calls: 4, seconds: 10).slots
        #expect(slots.map(\.begin) == [0, 0.5, 1, 1.5])
        #expect(slots.allSatisfy { $0.end == 10 })
        #expect(slots.map(\.talks) == [false, true, false, true])
    }

    @Test("Calls that come and go begin at their rate, whatever became of those before")
    func churn() {
        var group = LoadGroup()
        group.churn = .init(perSecond: 20, holdSeconds: 2)
        let slots = CallSchedule(group, calls: 1, seconds: 60).slots
        #expect(slots.count == 1_200)
        #expect(slots[20].begin == 1 && slots[20].end == 3)
    }
}
