import Foundation

/// How many calls a core takes, of the servers that were filled.
struct FullCoreRows {
    let servers: [RivalServer]

    /// Parley's calls at 80 % of a core over those of another, which `words` say more about; nil where one was not measured.
    func row(_ key: String, _ rival: String, _ limits: Limits, words: String = "") -> Row? {
        guard let (theirs, ours, ratios) = servers.comparison(of: rival, with: RivalRows.parley),
            let their = theirs.callsPerCore, let our = ours.callsPerCore, let least = ratios.min(),
            let most = ratios.max()
        else { return nil }
        let effort = ours.windows.compactMap(\.effort).last.map { "\($0), " } ?? ""
        let numbers = String(
            format: "%.0f ÷ %.0f calls at 80 %% of a core, %.2f to %.2f in %d rounds", our, their, least, most,
            ratios.count)
        let pace = String(format: "pacing p99 %.1f ms", ours.windows.map(\.latePercentile).median)
        let lost = ours.windows.map(\.lost).reduce(0, +)
        return Row(
            key, "calls per core ÷ \(rival)\(words)", ratios.median, limits,
            note: "\(numbers); Parley as it comes: \(effort)\(pace), \(lost) of its packets lost")
    }
}

extension RivalServer {
    /// By the cost of a call with as many of them; nil where it was not measured.
    var callsPerCore: Double? { cost.map { 1_000 * CallsPerCore.full / $0 } }
}
