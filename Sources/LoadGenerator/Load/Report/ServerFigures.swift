/// What a load cost the server, by readings of its process once a second.
package struct ServerFigures: Equatable, Sendable {
    /// While all calls were up; of one core.
    package var cpuPercent: Double?
    /// CPU for one second of one call.
    package var cpuMsPerCallSecond: Double?
    package var memoryBeforeMB: Double?
    package var memoryMostMB: Double?
    /// At the end, after the quiet that the scenario asks for.
    package var memoryAfterMB: Double?
    package var memoryKBPerCall: Double?
    /// While all calls were up, by the last two quarters of that time (`SteadyGrowth`).
    package var memoryGrowthPercent: Double?
    package var threads: Double?
    package var descriptorsBefore: Double?
    package var descriptorsMost: Double?
    package var descriptorsAfter: Double?
    package var descriptorsGrowthPercent: Double?
    /// In the quiet after the last hang-up; of one core.
    package var idleCPUPercent: Double?
    /// The most that each gauge of its metrics showed: queue depths among them.
    package var gauges: [String: Double] = [:]
    /// By how much each counter of drops, timeouts, overruns and errors rose.
    package var troubles: [String: Double] = [:]

    package init() {}

    private static let fields: [(name: String, path: @Sendable (ServerFigures) -> Double?)] = [
        ("server_cpu_percent", { $0.cpuPercent }),
        ("server_cpu_ms_per_call_second", { $0.cpuMsPerCallSecond }),
        ("server_memory_before_mb", { $0.memoryBeforeMB }),
        ("server_memory_most_mb", { $0.memoryMostMB }),
        ("server_memory_after_mb", { $0.memoryAfterMB }),
        ("server_memory_kb_per_call", { $0.memoryKBPerCall }),
        ("server_memory_growth_percent", { $0.memoryGrowthPercent }),
        ("server_threads", { $0.threads }),
        ("server_descriptors_before", { $0.descriptorsBefore }),
        ("server_descriptors_most", { $0.descriptorsMost }),
        ("server_descriptors_after", { $0.descriptorsAfter }),
        ("server_descriptors_growth_percent", { $0.descriptorsGrowthPercent }),
        ("server_idle_cpu_percent", { $0.idleCPUPercent }),
    ]

    static let names = fields.map(\.name)

    func value(_ name: String) -> Double? { Self.fields.first { $0.name == name }?.path(self) }

    /// What is known, in its order.
    var values: [(name: String, value: Double)] {
        Self.fields.compactMap { field in field.path(self).map { (field.name, $0) } }
    }
}
