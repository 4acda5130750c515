import Wire

/// RTCP compounds: what was read and written is read as it was written.
func fuzz(_ input: UnsafeRawBufferPointer) {
    guard let packets = try? RTCPPacket.parseCompound(input) else { return }
    var written: [UInt8] = []
    RTCPPacket.write(packets, into: &written)
    guard !written.isEmpty else { return }
    guard let again = written.withUnsafeBytes({ try? RTCPPacket.parseCompound($0) }) else {
        fatalError("a compound of ours that cannot be read")
    }
    var rewritten: [UInt8] = []
    RTCPPacket.write(again, into: &rewritten)
    precondition(rewritten == written)
}
