import Foundation
import Glibc
import Metrics
import Synchronization

/// What the process takes of the machine, under the names that Prometheus' own clients give it.
final class ProcessUsage: Sendable {
    private let cpu = FloatingPointCounter(label: "process_cpu_seconds_total")
    private let resident = Gauge(label: "process_resident_memory_bytes")
    private let descriptors = Gauge(label: "process_open_fds")
    private let threads = Gauge(label: "process_threads")
    private let counted = Mutex(0.0)

    /// Brings the metrics up to date.
    func record() {
        let seconds = Self.cpuSeconds()
        cpu.increment(
            by: counted.withLock { counted in
                defer { counted = max(counted, seconds) }
                return max(0, seconds - counted)
            })
        // Pages (proc(5), statm): size, resident, …
        let pages = Self.read("statm").split(separator: " ").compactMap { Int($0) }
        if pages.count > 1 { resident.record(pages[1] * Int(sysconf(Int32(_SC_PAGESIZE)))) }
        descriptors.record(Self.entries("fd"))
        threads.record(Self.entries("task"))
    }

    /// User and system time of all threads so far.
    private static func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    private static func read(_ name: String) -> String {
        (try? String(contentsOfFile: "/proc/self/\(name)", encoding: .utf8)) ?? ""
    }

    private static func entries(_ name: String) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(name)").count) ?? 0
    }
}
