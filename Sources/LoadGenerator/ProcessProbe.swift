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

    /// Nil means this process.
    package init(_ process: Int32? = nil) { directory = "/proc/\(process.map(String.init) ?? "self")" }

    /// User and system time used so far, in seconds; resolution 10 ms.
    package var cpuSeconds: Double {
        // After the command's closing parenthesis: state is field 3, utime 14, stime 15.
        let fields = read("stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
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
