/// Which of the latest 128 packets of a source were taken (RFC 3711 §3.3.2): each is taken once, older ones never.
struct ReplayWindow {
    static let packets: Int64 = 128

    /// The index of the newest packet that was taken; nil before the first.
    private(set) var newest: Int64?
    /// Bit n of the two words: the packet n before the newest was taken.
    private var taken: (low: UInt64, high: UInt64) = (0, 0)

    /// Whether a packet of this index may be taken.
    func admits(_ index: Int64) -> Bool {
        guard let newest, index <= newest else { return index >= 0 }
        let back = newest - index
        guard index >= 0, back < Self.packets else { return false }
        return back < 64 ? taken.low & 1 << UInt64(back) == 0 : taken.high & 1 << UInt64(back - 64) == 0
    }

    /// Takes the packet of this index, which is authentic and admitted.
    mutating func take(_ index: Int64) {
        let ahead = index - (newest ?? index)
        if newest == nil || ahead > 0 {
            advance(by: ahead)
            newest = index
        }
        let back = (newest ?? index) - index
        if back < 64 { taken.low |= 1 << UInt64(back) } else { taken.high |= 1 << UInt64(back - 64) }
    }

    /// Shifts that are longer than a word leave nothing.
    private mutating func advance(by ahead: Int64) {
        taken.high = taken.high << ahead | (ahead >= 64 ? taken.low << (ahead - 64) : taken.low >> (64 - ahead))
        taken.low <<= ahead
    }
}
