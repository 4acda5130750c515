import Wire

extension AudioCodec {
    /// Media clock ticks (1/48000 s) per RTP timestamp unit.
    var ticksPerTimestamp: Int64 { Int64(48_000 / clockRate) }
}
