package import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Looks at the server under load from outside.
package struct ServerWatch: Sendable {
    private static let limitSeconds = 2.0

    private let probe: ProcessProbe?
    private let metrics: URL?
    private let key: String?

    /// - Parameters:
    ///   - process: the server's id, where it runs on this machine.
    ///   - metrics: its Prometheus page; `key` is sent as a bearer.
    package init(process: Int32?, metrics: URL?, key: String?) {
        probe = process.map { ProcessProbe($0) }
        self.metrics = metrics
        self.key = key
    }

    package var isOn: Bool { probe != nil || metrics != nil }

    /// - Throws: where there is nothing to be seen; later readings may fail quietly, as a busy server is slow to answer.
    package func check() async throws {
        if let probe, probe.cpuSeconds == 0, probe.reading.threads == 0 {
            throw LoadScenarioError("There is no process with the id of --pid.")
        }
        guard let metrics else { return }
        guard await page() != nil else { throw LoadScenarioError("\(metrics) does not answer with metrics.") }
    }

    package func reading(seconds: Double, callsUp: Int) async -> ServerReading {
        var reading = ServerReading(seconds: seconds, callsUp: callsUp)
        if let text = await page() {
            reading.metrics = text
            reading.cpuSeconds = text.counters["process_cpu_seconds_total"]
            reading.memoryBytes = text.gauges["process_resident_memory_bytes"]
            reading.descriptors = text.gauges["process_open_fds"]
        }
        if let probe {
            let seen = probe.reading
            reading.cpuSeconds = probe.cpuSeconds
            reading.memoryBytes = Double(seen.residentBytes)
            reading.threads = Double(seen.threads)
            reading.descriptors = Double(seen.fileDescriptors)
        }
        return reading
    }

    private func page() async -> MetricsText? {
        guard let metrics else { return nil }
        var request = URLRequest(url: metrics, timeoutInterval: Self.limitSeconds)
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        guard let (body, response) = try? await URLSession.shared.data(for: request),
            (response as? HTTPURLResponse)?.statusCode == 200
        else { return nil }
        return MetricsText(String(decoding: body, as: UTF8.self))
    }
}
