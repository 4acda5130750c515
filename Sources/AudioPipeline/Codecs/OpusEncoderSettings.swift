/// How speech is coded for sending; the defaults suit a voice at 24 kHz in a browser call.
package struct OpusEncoderSettings: Sendable, Equatable {
    /// Rate of the PCM that is given to the encoder.
    package var rate: SampleRate = .hz24000
    package var bitrateBps: Int32 = 32_000
    /// 0 (cheap) to 10 (best); 5 is where speech stops gaining much.
    package var complexity: Int32 = 5
    package var inBandFEC = true
    /// 0 to 100; what is reported raises it (`LossResponse`). Without some expected loss libopus writes no redundancy even with
    /// `inBandFEC`, which for 5 % takes a quarter to a third more time.
    package var expectedLossPercent: Int32 = 0

    package init() {}
}
