/// What is agreed for the data channels' section (RFC 8841).
package struct DataNegotiation: Equatable, Sendable {
    /// RFC 8841 §6.1, for a peer that names no size.
    static let defaultMaxMessageSize = 65_536
    /// Streams each way that we ask SCTP for, each of which costs about 200 bytes: half of them may be channels of one side (RFC
    /// 8832 §6).
    package static let streams: UInt16 = 32
    /// What peers use that name no port.
    static let defaultPort: UInt16 = 5000

    package var mid: String?
    /// The peer's SCTP port.
    package var remotePort: UInt16
    /// In bytes, `Int.max` for no limit.
    package var remoteMaxMessageSize: Int

    package init(mid: String?, remotePort: UInt16 = 5000, remoteMaxMessageSize: Int = 65_536) {
        self.mid = mid
        self.remotePort = remotePort
        self.remoteMaxMessageSize = remoteMaxMessageSize
    }
}
