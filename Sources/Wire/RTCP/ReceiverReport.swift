/// The reports of a participant that sends no stream itself (RFC 3550 §6.4.2).
package struct ReceiverReport: Equatable, Sendable {
    /// Who reports.
    package var ssrc: SSRC
    /// At most 31 are written.
    package var reports: [ReportBlock]

    package init(ssrc: SSRC, reports: [ReportBlock]) {
        self.ssrc = ssrc
        self.reports = reports
    }

    init(from reader: inout ByteReader, count: UInt8) throws(WireError) {
        try reader.require(4 + ReportBlock.length * Int(count))
        ssrc = SSRC(try reader.readUInt32())
        reports = []
        for _ in 0..<count { reports.append(try ReportBlock(from: &reader)) }
    }

    func write(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: ssrc.rawValue)
        for report in reports.prefix(RTCPPacket.maximumCount) { report.write(into: &bytes) }
    }
}
