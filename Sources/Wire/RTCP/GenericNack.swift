/// Asks for packets once more.
///
/// RFC 4585 §6.1 and §6.2.1, after the common header (packet type 205, format 1):
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                  SSRC of packet sender                        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                  SSRC of media source                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  sequence number of one (PID) |  bit n: PID + n + 1 too (BLP) |  (repeated)
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct GenericNack: Equatable, Sendable {
    /// No history is longer; what a packet names beyond it is not read.
    package static let maximumSequences = 256

    package var sender: SSRC
    /// Whose packets are missing.
    package var source: SSRC
    package var sequences: [UInt16]

    package init(sender: SSRC, source: SSRC, sequences: [UInt16]) {
        self.sender = sender
        self.source = source
        self.sequences = sequences
    }

    init(from reader: inout ByteReader) throws(WireError) {
        sender = SSRC(try reader.readUInt32())
        source = SSRC(try reader.readUInt32())
        sequences = []
        repeat {
            let first = try reader.readUInt16()
            let following = try reader.readUInt16()
            sequences.append(first)
            for bit in UInt16(0)..<16 where following & (1 << bit) != 0 { sequences.append(first &+ bit &+ 1) }
        } while reader.remaining > 0 && sequences.count < Self.maximumSequences
    }

    /// In the order of `sequences`, which is ascending where few words are wanted.
    func write(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: sender.rawValue)
        bytes.append(bigEndian: source.rawValue)
        var rest = sequences.prefix(Self.maximumSequences)
        while let first = rest.popFirst() {
            var following: UInt16 = 0
            while let next = rest.first, (1...16).contains(next &- first) {
                following |= 1 << (next &- first &- 1)
                rest.removeFirst()
            }
            bytes.append(bigEndian: first)
            bytes.append(bigEndian: following)
        }
    }
}
