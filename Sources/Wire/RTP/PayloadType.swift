/// The number, 0 to 127, that stands for a codec in RTP headers (RFC 3550 §5.1); only the low seven bits go on the wire.
package struct PayloadType: Hashable, Sendable {
    package var rawValue: UInt8

    package init(_ rawValue: UInt8) {
        self.rawValue = rawValue
    }
}
