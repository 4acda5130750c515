package import Wire

/// Puts earlier payloads in front of each that is sent (RED, RFC 2198). Keeps copies of the last two; allocates nothing
/// after its making. Used by one sender.
package final class RedundancyWriter {
    /// Earlier payloads that can go with one.
    package static let deepest = 2
    /// Larger payloads are not repeated.
    private static let payloadLimitBytes = 512
    /// What fits in a datagram that crosses every path, beside headers and SRTP.
    private static let wholeLimitBytes = 1_100

    private struct Kept {
        var timestamp: UInt32
        var length: Int
    }

    private let storage: UnsafeMutableRawBufferPointer
    /// The payload before this one, and the one before that; nil where there is none that can be repeated.
    private var kept: [Kept?] = [nil, nil]
    /// Where in the storage the payload before this one is.
    private var newest = 0

    package init() {
        storage = .allocate(byteCount: Self.deepest * Self.payloadLimitBytes, alignment: 16)
    }

    deinit {
        storage.deallocate()
    }

    /// Turns the `length` bytes at the front of `buffer`, one payload, into a RED payload with up to `depth` earlier ones,
    /// and returns its length; nil, and nothing is changed, where it does not fit or there are none. Remembers the payload.
    package func write(
        _ length: Int, timestamp: UInt32, payloadType: PayloadType, depth: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let total = assemble(length, timestamp, payloadType, min(depth, Self.deepest), buffer)
        let own = UnsafeRawBufferPointer(rebasing: buffer[(total.map { $0 - length } ?? 0)...].prefix(length))
        remember(own, timestamp)
        return total
    }

    private func assemble(
        _ length: Int, _ timestamp: UInt32, _ payloadType: PayloadType, _ depth: Int,
        _ buffer: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let usable = repeatable(depth, timestamp)
        guard usable > 0 else { return nil }
        let earlier = (0..<usable).reduce(0) { $0 + (kept[$1]?.length ?? 0) }
        let headers = 4 * usable + 1
        guard headers + earlier + length <= min(buffer.count, Self.wholeLimitBytes), let base = buffer.baseAddress
        else { return nil }
        (base + headers + earlier).copyMemory(from: base, byteCount: length)
        var (header, place) = (0, headers)
        for age in (0..<usable).reversed() {
            guard let payload = kept[age] else { return nil }
            header +=
                RedundantPayload.writeHeader(
                    payloadType, timestampOffset: timestamp &- payload.timestamp, length: payload.length,
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[header...])) ?? 0
            UnsafeMutableRawBufferPointer(rebasing: buffer[place...]).copyMemory(from: bytes(age, payload.length))
            place += payload.length
        }
        buffer[header] = payloadType.rawValue & 0x7F
        return headers + earlier + length
    }

    /// How many of the earlier payloads, from the newest on, can be said to be earlier.
    private func repeatable(_ depth: Int, _ timestamp: UInt32) -> Int {
        var count = 0
        while count < depth, let payload = kept[count],
            timestamp &- payload.timestamp <= RedundantPayload.maximumOffset
        {
            count += 1
        }
        return count
    }

    private func remember(_ payload: UnsafeRawBufferPointer, _ timestamp: UInt32) {
        newest = (newest + 1) % Self.deepest
        kept[1] = kept[0]
        kept[0] = nil
        guard payload.count <= Self.payloadLimitBytes, !payload.isEmpty else { return }
        kept[0] = Kept(timestamp: timestamp, length: payload.count)
        place(0).copyMemory(from: payload)
    }

    private func bytes(_ age: Int, _ length: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: place(age)[..<length])
    }

    private func place(_ age: Int) -> UnsafeMutableRawBufferPointer {
        let slot = (newest + Self.deepest - age) % Self.deepest
        let begin = slot * Self.payloadLimitBytes
        return UnsafeMutableRawBufferPointer(rebasing: storage[begin..<begin + Self.payloadLimitBytes])
    }
}
