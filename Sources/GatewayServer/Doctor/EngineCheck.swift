/// Whether the engine that would answer loads and becomes warm.
struct EngineCheck {
    enum Outcome: Equatable {
        case ready(engine: String, seconds: Double)
        case failed(String)
        /// Of that what was being done.
        case late(seconds: Int, step: String)
    }

    var outcome: Outcome

    var finding: DoctorFinding {
        switch outcome {
        case .ready(let engine, let seconds):
            return DoctorFinding("engine", .good, "\(engine) is warm after \(seconds) s")
        case .failed(let reason):
            return DoctorFinding(
                "engine", .failed, reason,
                advice: "The server would end with these words. What they name has to be mended first.")
        case .late(let seconds, let step):
            return DoctorFinding(
                "engine", .failed, "not ready within \(seconds) s: \(step)",
                advice: "The machine is too slow or too busy for these models; `parley models list` shows smaller ones."
            )
        }
    }
}
