import Wire

/// The bytes that `text` spells in hexadecimal; spaces and line ends are for the reader.
func hex(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func parseRTP(_ bytes: [UInt8]) throws(WireError) -> (header: RTPHeader, payload: Range<Int>) {
    try bytes.withUnsafeBytes { buffer in
        Result { () throws(WireError) in try RTPHeader.parse(buffer) }
    }.get()
}

func parseRTCP(_ bytes: [UInt8]) throws(WireError) -> [RTCPPacket] {
    try bytes.withUnsafeBytes { buffer in
        Result { () throws(WireError) in try RTCPPacket.parseCompound(buffer) }
    }.get()
}

func serialize(_ packets: [RTCPPacket]) -> [UInt8] {
    var bytes: [UInt8] = []
    RTCPPacket.write(packets, into: &bytes)
    return bytes
}
