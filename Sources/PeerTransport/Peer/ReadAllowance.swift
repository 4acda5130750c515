/// How much of what a peer sends is read: more than any honest one sends, and less than takes the others' time. Counted are
/// packets that authenticate, so that nobody else uses it up. Pure; its clock is the 20 ms frame.
///
/// What is not read waits in the kernel, where what does not fit is dropped, as by a network that is full.
struct ReadAllowance {
    /// 1,600 a second; a call sends 50 to 150, the rest is for data channels: 1.8 MB a second at 1,150 bytes each.
    static let packetsPerFrame = 32
    /// What a peer may have sent while the network held it up: sound and reports of some seconds, or a long event.
    static let burst = 512

    /// What is read of a peer.
    enum Reading: Equatable {
        case all
        /// What has authenticated lately, and nothing by others on its sockets: they read without measure.
        case measured
        /// Nothing, until the next frame.
        case nothing
    }

    private var left = burst
    private(set) var reading = Reading.all

    /// One packet was read; true when it was the last for now.
    mutating func spend() -> Bool {
        left -= 1
        guard left <= 0, reading != .nothing else { return false }
        reading = .nothing
        return true
    }

    /// A frame has passed; true when more is read than before. Others read again after a frame in which nothing was left unread.
    mutating func refill() -> Bool {
        left = min(Self.burst, max(0, left) + Self.packetsPerFrame)
        switch reading {
        case .all: return false
        case .measured: reading = .all
        case .nothing: reading = .measured
        }
        return true
    }
}
