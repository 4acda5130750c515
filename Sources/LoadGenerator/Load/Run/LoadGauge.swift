import AudioPipeline

/// How many calls are up.
package final class LoadGauge: Sendable {
    private let state = PosixLock((up: 0, most: 0))

    package init() {}

    package var up: Int { state.withLock { $0.up } }
    package var most: Int { state.withLock { $0.most } }

    func begin() {
        state.withLock { state in
            state.up += 1
            state.most = max(state.most, state.up)
        }
    }

    func end() { state.withLock { $0.up -= 1 } }
}
