import Foundation

/// Processor and memory: what the embedded engine needs of the machine.
struct MachineCheck {
    /// The process with the default models takes about this much (docs/models.md).
    private static let neededBytes = 1_500_000_000
    private static let wantedCores = 2

    var architecture: String
    /// As Linux names them.
    var processorFlags: Set<String>
    var cores: Int
    var memoryBytes: Int
    /// Whether the configuration asks for the embedded engine.
    var isEmbedded: Bool

    var findings: [DoctorFinding] { [processor, memory] }

    private var processor: DoctorFinding {
        let words = "\(architecture), \(cores) cores" + (processorFlags.contains("avx2") ? ", AVX2" : ", no AVX2")
        guard isEmbedded else { return DoctorFinding("processor", .good, words) }
        guard architecture == "x86_64", processorFlags.contains("avx2") else {
            return DoctorFinding(
                "processor", .failed, words,
                advice:
                    "The embedded engine's libraries are for x86-64 with AVX2. Let servers do the stages (docs/engines.md), "
                    + "or serve the scripted engine with --engine-embedded false.")
        }
        guard cores >= Self.wantedCores else {
            return DoctorFinding(
                "processor", .warning, words,
                advice: "Listening and thinking share one core: expect pauses. Give the machine two.")
        }
        return DoctorFinding("processor", .good, words)
    }

    private var memory: DoctorFinding {
        let words = String(format: "%.1f GB", Double(memoryBytes) / 1e9)
        guard isEmbedded, memoryBytes < Self.neededBytes else { return DoctorFinding("memory", .good, words) }
        return DoctorFinding(
            "memory", .failed, words,
            advice:
                "The default models take about 1 GB, with their files beside it: give the machine 2 GB, or let a server "
                + "think (--llm URL).")
    }
}

extension MachineCheck {
    /// Of this machine.
    init(isEmbedded: Bool) {
        let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let flags = information.split(separator: "\n").first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }
        #if arch(x86_64)
            architecture = "x86_64"
        #elseif arch(arm64)
            architecture = "arm64"
        #else
            architecture = "another architecture"
        #endif
        processorFlags = Set((flags ?? "").split(separator: " ").map(String.init))
        cores = ProcessInfo.processInfo.activeProcessorCount
        memoryBytes = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        self.isEmbedded = isEmbedded
    }
}
