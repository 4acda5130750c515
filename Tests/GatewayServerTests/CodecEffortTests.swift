import AudioPipeline
import GatewayServer
import Testing

@Suite("Codec effort") struct CodecEffortTests {
    /// Of each second the complexity, as -1 where only wideband is coded.
    private func complexities(_ shares: [Double], most: Int32 = 5) -> [Int32] {
        var effort = CodecEffort(most: most)
        return shares.map { share in
            effort.second(busy: share)
            return effort.effort.isWideband ? -1 : effort.effort.complexity
        }
    }

    @Test("A busy thread does less each second, down to the least")
    func busy() {
        #expect(complexities([0.59, 0.6, 0.95, 0.7, 1, 1]) == [5, 3, 1, 0, -1, -1])
        #expect(complexities([1, 1, 1, 1, 1, 1], most: 10) == [6, 5, 3, 1, 0, -1])
        #expect(complexities([1, 1], most: 2) == [1, 0])
        #expect(complexities([0, 1, 1], most: 0) == [0, -1, -1])
    }

    @Test("It does more after five calm seconds in a row, a step at a time, up to what is configured")
    func calm() {
        let calm = Array(repeating: 0.39, count: 4)
        #expect(complexities([1, 1] + calm + [0.4] + calm + [0.39]) == [3, 1] + Array(repeating: 1, count: 9) + [3])
        let long = complexities([1, 1] + Array(repeating: 0.1, count: 20))
        #expect(long == [3, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3] + Array(repeating: 5, count: 11))
    }

    @Test("A load that is too much for one step and too little to be calm at the next changes nothing any more")
    func between() {
        #expect(complexities([0.75] + Array(repeating: 0.5, count: 20)).allSatisfy { $0 == 3 })
    }

    @Test("The same load at each step settles: what a step more would cost is less than too much", arguments: 1...20)
    func settles(twentieth: Int) {
        // A thread that only encodes, with the measured cost of each step.
        let costs: [Int32: Double] = [10: 249, 6: 172, 5: 129, 3: 100, 1: 70, 0: 57]
        func cost(_ effort: EncoderEffort) -> Double { effort.isWideband ? 48 : costs[effort.complexity] ?? 0 }
        var effort = CodecEffort(most: 10)
        var seen: [EncoderEffort] = []
        for _ in 0..<60 {
            effort.second(busy: min(1, Double(twentieth) / 20 * cost(effort.effort) / 100))
            seen.append(effort.effort)
        }
        #expect(seen.suffix(40).allSatisfy { $0 == seen.last })
    }
}
