import AudioPipeline
import Testing

@Suite("Answer to reported loss") struct LossResponseTests {
    private let settings = OpusEncoderSettings()

    @Test("Before a report, and while nothing is lost, all is as it was set")
    func clean() {
        var response = LossResponse(settings)
        let plan = response.plan
        #expect(plan == LossResponse.Plan(expectedLossPercent: 0, bitrateBps: 32_000, redundancy: 0))
        for _ in 0..<10 { response.report(fractionLost: 0, roundTrip: .milliseconds(40)) }
        #expect(response.plan == plan)
    }

    @Test(
        "The more is lost, the more is repeated",
        arguments: [
            (0.01, 1, 0), (0.03, 3, 1), (0.05, 5, 1), (0.1, 10, 2), (0.2, 20, 2), (0.9, 30, 2), (-1, 0, 0), (7, 30, 2),
        ]
            as [(Double, Int32, Int)])
    func levels(loss: Double, expected: Int32, redundancy: Int) {
        var response = LossResponse(settings)
        response.report(fractionLost: loss, roundTrip: .milliseconds(40))
        #expect(
            response.plan
                == LossResponse.Plan(expectedLossPercent: expected, bitrateBps: 32_000, redundancy: redundancy))
    }

    @Test("Loss is believed at once and forgotten over some reports")
    func memory() {
        var response = LossResponse(settings)
        response.report(fractionLost: 0.2, roundTrip: nil)
        #expect(response.plan.redundancy == 2)
        var depths: [Int] = []
        for _ in 0..<10 {
            response.report(fractionLost: 0, roundTrip: nil)
            depths.append(response.plan.redundancy)
        }
        #expect(depths == [2, 2, 2, 2, 1, 1, 1, 1, 0, 0])
    }

    @Test("Loss beside a round trip that grew lowers the rate and repeats nothing; afterwards the rate recovers")
    func congestion() {
        var response = LossResponse(settings)
        response.report(fractionLost: 0, roundTrip: .milliseconds(40))
        response.report(fractionLost: 0.1, roundTrip: .milliseconds(300))
        #expect(response.plan.bitrateBps == 24_000)
        #expect(response.plan.redundancy == 0)
        for _ in 0..<10 { response.report(fractionLost: 0.1, roundTrip: .milliseconds(300)) }
        #expect(response.plan.bitrateBps == 12_000)
        for _ in 0..<10 { response.report(fractionLost: 0, roundTrip: .milliseconds(40)) }
        #expect(response.plan.bitrateBps == 32_000)
    }

    @Test("Repetition that makes loss worse rests for ten reports, and is tried again")
    func narrowPath() {
        var response = LossResponse(settings)
        response.report(fractionLost: 0.03, roundTrip: nil)
        #expect(response.plan.redundancy == 1)
        response.report(fractionLost: 0.5, roundTrip: nil)
        #expect(response.plan.redundancy == 0)
        var depths: [Int] = []
        for _ in 0..<12 {
            response.report(fractionLost: 0.03, roundTrip: nil)
            depths.append(response.plan.redundancy)
        }
        #expect(depths == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    }

    @Test("Loss that grows whether or not there is repetition is met with more, one report later")
    func worseNetwork() {
        var response = LossResponse(settings)
        var depths: [Int] = []
        for loss in [0.03, 0.03, 0.25, 0.25, 0.25] {
            response.report(fractionLost: loss, roundTrip: nil)
            depths.append(response.plan.redundancy)
        }
        #expect(depths == [1, 1, 0, 2, 2])
    }

    @Test("A longer way without loss is no congestion")
    func longerWay() {
        var response = LossResponse(settings)
        response.report(fractionLost: 0, roundTrip: .milliseconds(40))
        response.report(fractionLost: 0.01, roundTrip: .milliseconds(400))
        #expect(response.plan.bitrateBps == 32_000)
    }
}
