/// How much work an Opus encoder puts into a frame.
package struct EncoderEffort: Sendable, Equatable {
    /// Of libopus: 0 (cheap) to 10 (best).
    package var complexity: Int32
    /// Nothing above 8 kHz is coded (wideband, RFC 6716 §2): one coder in place of two, and all bits for what is below.
    package var isWideband: Bool

    /// All that can be asked for.
    package static let most = EncoderEffort(complexity: 10)

    package init(complexity: Int32, isWideband: Bool = false) {
        self.complexity = complexity
        self.isWideband = isWideband
    }
}
