/// What a sender does about the loss its peer reports: how strong the codec's own redundancy is, how often each payload is
/// repeated, and what bit rate there is. Pure; one report every few seconds.
///
/// Loss is believed at once and forgotten slowly, so that a network that loses in bursts is not met unprepared each time.
/// Loss together with a round trip that grew means that we send too much: then less is sent, and nothing twice. Loss alone is
/// the radio's, and is met with repetition, unless that makes it worse: then repetition fills a path that has no queue, and
/// rests for a while.
package struct LossResponse: Sendable {
    package struct Plan: Equatable, Sendable {
        /// What the encoder is told, 0 to 100.
        package var expectedLossPercent: Int32
        package var bitrateBps: Int32
        /// Earlier payloads that go with each, where the peer takes them.
        package var redundancy: Int

        package init(expectedLossPercent: Int32, bitrateBps: Int32, redundancy: Int) {
            self.expectedLossPercent = expectedLossPercent
            self.bitrateBps = bitrateBps
            self.redundancy = redundancy
        }
    }

    /// From this loss on each payload goes twice, and three times: reports do not tell bursts from single losses, and bursts
    /// of three are common.
    private static let repeatFrom = 0.02
    private static let repeatTwiceFrom = 0.06
    /// libopus gains nothing by more.
    private static let highestExpectedPercent: Int32 = 30
    /// The part of a report that is better than what was believed so far.
    private static let forgetting = 0.25
    /// A round trip that grew by so much beside loss is a full queue.
    private static let queue = Duration.milliseconds(100)
    /// Less than narrow speech needs.
    private static let lowestBitrateBps: Int32 = 12_000
    private static let recoveryBps: Int32 = 2_000
    /// The way may have changed: what was the shortest round trip is believed a little less with each report.
    private static let ageing = Duration.milliseconds(2)

    /// Loss that grew by so much since there is repetition may be its fault: it stops for one report, and if so much less
    /// is lost without it, for some.
    private static let suspicious = 0.1
    private static let relieved = 0.6
    private static let restReports = 10

    private enum Repetition: Sendable {
        /// The loss last seen without it.
        case allowed(lossWithout: Double)
        case suspended(lossWith: Double)
        case resting(reports: Int)
    }

    private let settings: OpusEncoderSettings
    private var loss = 0.0
    private var repetition = Repetition.allowed(lossWithout: 0)
    private var shortest: Duration?
    package private(set) var plan: Plan

    /// `settings` are what holds on a clean network; their bit rate is never exceeded.
    package init(_ settings: OpusEncoderSettings) {
        self.settings = settings
        plan = Plan(
            expectedLossPercent: settings.expectedLossPercent, bitrateBps: settings.bitrateBps, redundancy: 0)
    }

    /// A report of the peer's: the part of the packets since its last one that did not arrive, 0 to 1.
    package mutating func report(fractionLost: Double, roundTrip: Duration?) {
        let reported = min(max(fractionLost, 0), 1)
        loss = reported >= loss ? reported : loss + (reported - loss) * Self.forgetting
        let queues = isQueueing(roundTrip)
        let isCongested = queues && reported >= Self.repeatFrom
        plan.bitrateBps =
            isCongested
            ? max(min(Self.lowestBitrateBps, settings.bitrateBps), plan.bitrateBps / 4 * 3)
            : min(settings.bitrateBps, plan.bitrateBps + Self.recoveryBps)
        let percent = Int32((loss * 100).rounded())
        plan.expectedLossPercent = max(settings.expectedLossPercent, min(percent, Self.highestExpectedPercent))
        judgeRepetition(reported)
        plan.redundancy = isCongested ? 0 : usefulRedundancy
    }

    private var usefulRedundancy: Int {
        guard case .allowed = repetition, loss >= Self.repeatFrom else { return 0 }
        return loss < Self.repeatTwiceFrom ? 1 : 2
    }

    private mutating func judgeRepetition(_ reported: Double) {
        switch repetition {
        case .allowed where plan.redundancy == 0: repetition = .allowed(lossWithout: reported)
        case .allowed(let without):
            if reported > without + Self.suspicious { repetition = .suspended(lossWith: reported) }
        case .suspended(let with):
            let isAtFault = reported < with * Self.relieved
            repetition = isAtFault ? .resting(reports: Self.restReports) : .allowed(lossWithout: reported)
        case .resting(let reports):
            repetition = reports > 1 ? .resting(reports: reports - 1) : .allowed(lossWithout: reported)
        }
    }

    private mutating func isQueueing(_ roundTrip: Duration?) -> Bool {
        guard let roundTrip else { return false }
        let known = min(roundTrip, shortest.map { $0 + Self.ageing } ?? roundTrip)
        shortest = known
        return roundTrip - known > Self.queue
    }
}
