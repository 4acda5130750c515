/// One RTCP packet of a compound datagram.
///
/// RFC 3550 §6.1 and §6.4; the length counts 32-bit words after the first:
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|  count  |  packet type  |            length             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package enum RTCPPacket: Equatable, Sendable {
    case senderReport(SenderReport)
    case receiverReport(ReceiverReport)
    case sourceDescription([SourceDescriptionChunk])
    case goodbye(Goodbye)
    case nack(GenericNack)
    /// Other feedback (RFC 4585), application and extended reports: known to be there, never read and never written.
    case other(type: UInt8, count: UInt8)

    /// What the five bits of the count field can say.
    static let maximumCount = 31

    private static let senderReportType: UInt8 = 200
    private static let receiverReportType: UInt8 = 201
    private static let sourceDescriptionType: UInt8 = 202
    private static let goodbyeType: UInt8 = 203
    private static let transportFeedbackType: UInt8 = 205
    /// In place of the count.
    private static let nackFormat: UInt8 = 1
}

// MARK: - Reading

extension RTCPPacket {
    /// Reads all packets of a datagram. Any packet may come first, as RFC 5506 §3.4 allows.
    package static func parseCompound(_ datagram: UnsafeRawBufferPointer) throws(WireError) -> [RTCPPacket] {
        var reader = ByteReader(datagram)
        var packets: [RTCPPacket] = []
        repeat { packets.append(try parse(&reader)) } while reader.remaining > 0
        return packets
    }

    private static func parse(_ reader: inout ByteReader) throws(WireError) -> RTCPPacket {
        try reader.require(4)
        let first = try reader.readUInt8()
        guard first >> 6 == 2 else { throw .invalid(field: "version") }
        let type = try reader.readUInt8()
        let body = try reader.readBytes(4 * Int(try reader.readUInt16()))
        let content = first & 0x20 == 0 ? body : try removingPadding(body)
        return try parse(type: type, count: first & 0x1F, content: content)
    }

    /// §6.4.1: the last byte counts the padding, itself included.
    private static func removingPadding(
        _ body: UnsafeRawBufferPointer
    ) throws(WireError) -> UnsafeRawBufferPointer {
        guard let last = body.last, last > 0, Int(last) <= body.count else { throw .invalid(field: "padding") }
        return UnsafeRawBufferPointer(rebasing: body.dropLast(Int(last)))
    }

    private static func parse(
        type: UInt8, count: UInt8, content: UnsafeRawBufferPointer
    ) throws(WireError) -> RTCPPacket {
        var reader = ByteReader(content)
        switch type {
        case senderReportType: return .senderReport(try SenderReport(from: &reader, count: count))
        case receiverReportType: return .receiverReport(try ReceiverReport(from: &reader, count: count))
        case sourceDescriptionType:
            var chunks: [SourceDescriptionChunk] = []
            for _ in 0..<count { chunks.append(try SourceDescriptionChunk(from: &reader)) }
            return .sourceDescription(chunks)
        case goodbyeType: return .goodbye(try Goodbye(from: &reader, count: count))
        case transportFeedbackType where count == nackFormat: return .nack(try GenericNack(from: &reader))
        default: return .other(type: type, count: count)
        }
    }
}

// MARK: - Writing

extension RTCPPacket {
    /// Appends the packets as one compound; `.other` is left out.
    package static func write(_ packets: [RTCPPacket], into bytes: inout [UInt8]) {
        for packet in packets { packet.write(into: &bytes) }
    }

    private func write(into bytes: inout [UInt8]) {
        switch self {
        case .senderReport(let report):
            Self.append(type: Self.senderReportType, count: report.reports.count, to: &bytes, report.write)
        case .receiverReport(let report):
            Self.append(type: Self.receiverReportType, count: report.reports.count, to: &bytes, report.write)
        case .sourceDescription(let chunks):
            Self.append(type: Self.sourceDescriptionType, count: chunks.count, to: &bytes) { bytes in
                for chunk in chunks.prefix(Self.maximumCount) { chunk.write(into: &bytes) }
            }
        case .goodbye(let goodbye):
            Self.append(type: Self.goodbyeType, count: goodbye.sources.count, to: &bytes, goodbye.write)
        case .nack(let nack):
            Self.append(type: Self.transportFeedbackType, count: Int(Self.nackFormat), to: &bytes, nack.write)
        case .other:
            break
        }
    }

    /// Appends the common header and a body, then sets the length. The largest body, 31 chunks of 264 bytes, keeps the
    /// length far below its 16 bits.
    private static func append(
        type: UInt8, count: Int, to bytes: inout [UInt8], _ body: (inout [UInt8]) -> Void
    ) {
        bytes.append(0x80 | UInt8(truncatingIfNeeded: min(count, maximumCount)))
        bytes.append(type)
        let lengthIndex = bytes.count
        bytes.append(bigEndian: UInt16(0))
        body(&bytes)
        let words = UInt16(truncatingIfNeeded: (bytes.count - lengthIndex - 2) / 4)
        bytes[lengthIndex] = UInt8(truncatingIfNeeded: words >> 8)
        bytes[lengthIndex + 1] = UInt8(truncatingIfNeeded: words)
    }
}
