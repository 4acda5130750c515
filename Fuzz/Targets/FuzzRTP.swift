import Wire

/// RTP headers and the class of the datagram: payloads lie inside their packets, headers go both ways.
func fuzz(_ input: UnsafeRawBufferPointer) {
    _ = PacketClass.classify(input)
    guard let packet = try? RTPHeader.parse(input) else { return }
    precondition(packet.payload.lowerBound >= RTPHeader.length && packet.payload.upperBound <= input.count)
    withUnsafeTemporaryAllocation(byteCount: RTPHeader.length, alignment: 1) { buffer in
        guard (try? packet.header.write(into: buffer)) != nil else { fatalError("a header that cannot be written") }
        let again = try? RTPHeader.parse(UnsafeRawBufferPointer(buffer))
        precondition(again?.header == packet.header)
    }
}
