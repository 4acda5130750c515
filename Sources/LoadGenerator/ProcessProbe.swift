import Foundation
import Glibc

/// What the kernel says of one process (proc(5)).
package struct ProcessProbe: Sendable {
    /// A reading of everything that a leak would raise.
    package struct Reading: Equatable, Sendable {
        package var residentBytes: Int
        package var threads: Int
        package var fileDescriptors: Int
        package var sockets: Int
    }

    private let directory: String
    private let process: Int32

    /// Nil means this process.
    package init(_ process: Int32? = nil) {
        directory = "/proc/\(process.map(String.init) ?? "self")"
        self.process = process ?? getpid()
    }

    /// User and system time used so far, in seconds, by the process's CPU clock: /proc counts in steps of 10 ms. Zero
    /// where there is no such process.
    package var cpuSeconds: Double {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    package var reading: Reading {
        let status = read("status").split(separator: "\n")
        func number(_ key: String) -> Int {
            let line = status.first { $0.hasPrefix(key + ":") }
            return line.flatMap { Int($0.dropFirst(key.count + 1).filter(\.isNumber)) } ?? 0
        }
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: directory + "/fd")) ?? []
        let sockets = descriptors.count { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: directory + "/fd/" + name)
            return target?.hasPrefix("socket:") == true
        }
        return Reading(
            residentBytes: number("VmRSS") * 1024, threads: number("Threads"), fileDescriptors: descriptors.count,
            sockets: sockets)
    }

    private func read(_ name: String) -> String {
        (try? String(contentsOfFile: directory + "/" + name, encoding: .utf8)) ?? ""
    }
}
