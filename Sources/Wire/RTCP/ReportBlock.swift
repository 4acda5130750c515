/// What a receiver says of one stream it receives.
///
/// RFC 3550 §6.4.1:
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                 SSRC_1 (SSRC of first source)                 |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | fraction lost |       cumulative number of packets lost       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           extended highest sequence number received           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                      interarrival jitter                      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                         last SR (LSR)                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                   delay since last SR (DLSR)                  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct ReportBlock: Equatable, Sendable {
    /// Bytes on the wire.
    static let length = 24
    /// What 24 bits with a sign can say; larger counts are clamped when written.
    private static let lossRange: ClosedRange<Int32> = -0x80_0000...0x7F_FFFF

    package var ssrc: SSRC
    /// Lost since the last report, in 1/256.
    package var fractionLost: UInt8
    /// Packets lost since the start; negative when duplicates outnumber losses.
    package var cumulativeLost: Int32
    package var highestSequence: UInt32
    /// In units of the codec's clock.
    package var jitter: UInt32
    /// The middle 32 bits of the NTP time of the last sender report, 0 for none.
    package var lastSenderReport: UInt32
    /// In 1/65536 s, 0 for no sender report yet.
    package var delaySinceLastSenderReport: UInt32

    package init(
        ssrc: SSRC, fractionLost: UInt8, cumulativeLost: Int32, highestSequence: UInt32, jitter: UInt32,
        lastSenderReport: UInt32, delaySinceLastSenderReport: UInt32
    ) {
        self.ssrc = ssrc
        self.fractionLost = fractionLost
        self.cumulativeLost = cumulativeLost
        self.highestSequence = highestSequence
        self.jitter = jitter
        self.lastSenderReport = lastSenderReport
        self.delaySinceLastSenderReport = delaySinceLastSenderReport
    }

    init(from reader: inout ByteReader) throws(WireError) {
        try reader.require(Self.length)
        ssrc = SSRC(try reader.readUInt32())
        let loss = try reader.readUInt32()
        fractionLost = UInt8(truncatingIfNeeded: loss >> 24)
        cumulativeLost = Int32(bitPattern: loss << 8) >> 8
        highestSequence = try reader.readUInt32()
        jitter = try reader.readUInt32()
        lastSenderReport = try reader.readUInt32()
        delaySinceLastSenderReport = try reader.readUInt32()
    }

    func write(into bytes: inout [UInt8]) {
        let clamped = min(max(cumulativeLost, Self.lossRange.lowerBound), Self.lossRange.upperBound)
        bytes.append(bigEndian: ssrc.rawValue)
        bytes.append(bigEndian: UInt32(fractionLost) << 24 | (UInt32(bitPattern: clamped) & 0x00FF_FFFF))
        bytes.append(bigEndian: highestSequence)
        bytes.append(bigEndian: jitter)
        bytes.append(bigEndian: lastSenderReport)
        bytes.append(bigEndian: delaySinceLastSenderReport)
    }
}
