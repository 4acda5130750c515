import Wire

/// RTP headers, the class of the datagram and RED: payloads lie inside their packets, headers go both ways.
func fuzz(_ input: UnsafeRawBufferPointer) {
    _ = PacketClass.classify(input)
    guard let packet = try? RTPHeader.parse(input) else { return }
    fuzzRedundancy(UnsafeRawBufferPointer(rebasing: input[packet.payload]))
    precondition(packet.payload.lowerBound >= RTPHeader.length && packet.payload.upperBound <= input.count)
    withUnsafeTemporaryAllocation(byteCount: RTPHeader.length, alignment: 1) { buffer in
        guard (try? packet.header.write(into: buffer)) != nil else { fatalError("a header that cannot be written") }
        let again = try? RTPHeader.parse(UnsafeRawBufferPointer(buffer))
        precondition(again?.header == packet.header)
    }
}

private func fuzzRedundancy(_ payload: UnsafeRawBufferPointer) {
    guard let redundant = try? RedundantPayload(parsing: payload) else { return }
    var bytes = redundant.payload.count
    redundant.forEachBlock { bytes += $0.payload.count }
    precondition(bytes < payload.count)
}
