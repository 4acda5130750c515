/// What a sender says of the stream it sends, with its reports on those it receives.
///
/// RFC 3550 §6.4.1, after the common header:
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                         SSRC of sender                        |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |              NTP timestamp, most significant word             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |             NTP timestamp, least significant word             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                         RTP timestamp                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     sender's packet count                     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                      sender's octet count                     |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// ```
package struct SenderReport: Equatable, Sendable {
    package var ssrc: SSRC
    /// 32.32 fixed point seconds since 1900.
    package var ntpTimestamp: UInt64
    /// In units of the codec's clock, the same instant as `ntpTimestamp`.
    package var rtpTimestamp: UInt32
    package var packetCount: UInt32
    /// Payload bytes, without headers and padding.
    package var octetCount: UInt32
    /// At most 31 are written.
    package var reports: [ReportBlock]

    package init(
        ssrc: SSRC, ntpTimestamp: UInt64, rtpTimestamp: UInt32, packetCount: UInt32, octetCount: UInt32,
        reports: [ReportBlock]
    ) {
        self.ssrc = ssrc
        self.ntpTimestamp = ntpTimestamp
        self.rtpTimestamp = rtpTimestamp
        self.packetCount = packetCount
        self.octetCount = octetCount
        self.reports = reports
    }

    init(from reader: inout ByteReader, count: UInt8) throws(WireError) {
        try reader.require(24 + ReportBlock.length * Int(count))
        ssrc = SSRC(try reader.readUInt32())
        ntpTimestamp = try reader.readUInt64()
        rtpTimestamp = try reader.readUInt32()
        packetCount = try reader.readUInt32()
        octetCount = try reader.readUInt32()
        reports = []
        for _ in 0..<count { reports.append(try ReportBlock(from: &reader)) }
    }

    func write(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: ssrc.rawValue)
        bytes.append(bigEndian: ntpTimestamp)
        bytes.append(bigEndian: rtpTimestamp)
        bytes.append(bigEndian: packetCount)
        bytes.append(bigEndian: octetCount)
        for report in reports.prefix(RTCPPacket.maximumCount) { report.write(into: &bytes) }
    }
}
