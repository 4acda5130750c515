package import RealtimeProtocol

/// Takes noise out of a session's input, before voice activity and recogniser hear it.
package protocol NoiseReducer: Sendable {
    /// A fresh one for one session; nil when there is no memory for it.
    func makeStream(_ reduction: NoiseReduction) -> (any NoiseReductionStream)?
}

/// One session's noise reduction; what is given in comes out later by the same time throughout.
package protocol NoiseReductionStream: Sendable {
    /// As many samples as are given: mono Int16 at 24 kHz.
    func reduce(_ samples: [Int16]) async -> [Int16]
}
