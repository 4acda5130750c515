import Wire

/// A packet that was not protected or unprotected.
enum SRTPError: Error, Equatable {
    /// The packet was seen before, or is older than the replay window (RFC 3711 §3.3.2).
    case replayed
    /// The authentication tag does not match.
    case unauthenticated
    /// Packets of as many sources as are allowed were authentic already.
    case tooManySources
    /// Too short, or with a header that ends behind it.
    case malformed
    /// Every index of RTCP was used (RFC 3711 §9.2).
    case exhausted
    /// OpenSSL refuses a cipher or a packet to be sealed.
    case cipher
}

/// Protection of one direction of a call (RFC 3711, RFC 7714), in place, by OpenSSL's ciphers. Owned by one PeerMachine.
final class SRTPContext {
    /// Bytes a protected packet may be longer than the plain one: tag, and for RTCP the index.
    static let overhead = 16 + controlWordBytes
    /// Sources (SSRC) a peer may use in one call, of RTP and RTCP together: each has a state, and none is forgotten.
    static let maxSources = 64

    /// What is known of one source.
    private struct Source {
        let ssrc: UInt32
        var packets = ReplayWindow()
        var control = ReplayWindow()
    }

    private static let controlWordBytes = 4
    private static let controlHeaderBytes = 8
    /// The E flag beside the index of an RTCP packet: its body is encrypted.
    private static let encryptedFlag: UInt32 = 1 << 31

    private let packetCipher: any PacketCipher
    private let controlCipher: any PacketCipher
    private var sources: [Source] = []

    /// `inbound`: unprotects what the peer sends, else protects what we send.
    convenience init(_ material: KeyingMaterial, role: DTLSRole, inbound: Bool) throws(SRTPError) {
        let fromClient = (role == .client) != inbound
        try self.init(
            profile: material.profile, master: fromClient ? material.client : material.server, inbound: inbound)
    }

    /// `master`: key and salt, joined.
    init(profile: KeyingMaterial.Profile, master: [UInt8], inbound: Bool) throws(SRTPError) {
        guard let packets = SRTPSessionKeys(master: master, profile: profile, kind: .rtp),
            let control = SRTPSessionKeys(master: master, profile: profile, kind: .rtcp),
            let packetCipher = Self.cipher(profile, packets, inbound: inbound),
            let controlCipher = Self.cipher(profile, control, inbound: inbound)
        else { throw .cipher }
        self.packetCipher = packetCipher
        self.controlCipher = controlCipher
    }

    // MARK: RTP

    /// Protects an RTP packet of `length` bytes in place; `packet` has room for `overhead` more. Returns its new length.
    func protectRTP(_ packet: UnsafeMutableRawBufferPointer, length: Int) throws(SRTPError) -> Int {
        let plain = UnsafeMutableRawBufferPointer(rebasing: packet.prefix(length))
        guard let header = Self.headerBytes(plain), length + packetCipher.tagBytes <= packet.count,
            let tag = packet.baseAddress?.advanced(by: length)
        else { throw .malformed }
        let place = place(of: plain.word(at: 8))
        let index = index(of: plain, in: sources[place].packets)
        guard sources[place].packets.admits(index) else { throw .replayed }
        let position = PacketPosition(source: sources[place].ssrc, index: UInt64(index))
        guard packetCipher.seal(plain.split(at: header, nil), at: position, tag: tag) else { throw .cipher }
        sources[place].packets.take(index)
        return length + packetCipher.tagBytes
    }

    /// Authenticates and decrypts a packet in place. Returns its plain length.
    func unprotectRTP(_ packet: UnsafeMutableRawBufferPointer) throws(SRTPError) -> Int {
        let length = packet.count - packetCipher.tagBytes
        guard length > 0, let tag = packet.baseAddress?.advanced(by: length) else { throw .malformed }
        let sealed = UnsafeMutableRawBufferPointer(rebasing: packet[..<length])
        guard let header = Self.headerBytes(sealed) else { throw .malformed }
        let ssrc = sealed.word(at: 8)
        let place = try knownPlace(of: ssrc)
        let window = place.map { sources[$0].packets } ?? ReplayWindow()
        let index = index(of: sealed, in: window)
        guard window.admits(index) else { throw .replayed }
        let position = PacketPosition(source: ssrc, index: UInt64(index))
        guard packetCipher.open(sealed.split(at: header, nil), at: position, tag: tag) else { throw .unauthenticated }
        sources[place ?? self.place(of: ssrc)].packets.take(index)
        return length
    }

    // MARK: RTCP

    /// As `protectRTP`, for a compound RTCP packet.
    func protectRTCP(_ packet: UnsafeMutableRawBufferPointer, length: Int) throws(SRTPError) -> Int {
        let protected = length + controlCipher.tagBytes + Self.controlWordBytes
        guard length >= Self.controlHeaderBytes, protected <= packet.count else { throw .malformed }
        let place = place(of: packet.word(at: 4))
        let index = (sources[place].control.newest ?? 0) + 1
        guard index < Int64(Self.encryptedFlag) else { throw .exhausted }
        let word = (Self.encryptedFlag | UInt32(index)).bigEndian
        let offsets = controlOffsets(length)
        packet.storeBytes(of: word, toByteOffset: offsets.word, as: UInt32.self)
        let plain = UnsafeMutableRawBufferPointer(rebasing: packet[..<length])
        let position = PacketPosition(source: sources[place].ssrc, index: UInt64(index))
        guard let tag = packet.baseAddress?.advanced(by: offsets.tag),
            controlCipher.seal(plain.split(at: Self.controlHeaderBytes, word), at: position, tag: tag)
        else { throw .cipher }
        sources[place].control.take(index)
        return protected
    }

    /// As `unprotectRTP`, for RTCP. What is not encrypted is refused, as SDP agreed on encryption.
    func unprotectRTCP(_ packet: UnsafeMutableRawBufferPointer) throws(SRTPError) -> Int {
        let length = packet.count - controlCipher.tagBytes - Self.controlWordBytes
        guard length >= Self.controlHeaderBytes else { throw .malformed }
        let offsets = controlOffsets(length)
        let word = packet.loadUnaligned(fromByteOffset: offsets.word, as: UInt32.self)
        guard word.bigEndian & Self.encryptedFlag != 0, let tag = packet.baseAddress?.advanced(by: offsets.tag) else {
            throw .malformed
        }
        let ssrc = packet.word(at: 4)
        let place = try knownPlace(of: ssrc)
        let index = Int64(word.bigEndian & ~Self.encryptedFlag)
        guard place.map({ sources[$0].control.admits(index) }) ?? true else { throw .replayed }
        let sealed = UnsafeMutableRawBufferPointer(rebasing: packet[..<length])
        let position = PacketPosition(source: ssrc, index: UInt64(index))
        guard controlCipher.open(sealed.split(at: Self.controlHeaderBytes, word), at: position, tag: tag) else {
            throw .unauthenticated
        }
        sources[place ?? self.place(of: ssrc)].control.take(index)
        return length
    }

    // MARK: Inside

    private static func cipher(
        _ profile: KeyingMaterial.Profile, _ keys: SRTPSessionKeys, inbound: Bool
    ) -> (any PacketCipher)? {
        switch profile {
        case .aeadAES128GCM: GaloisCounterCipher(key: keys.cipher, salt: keys.salt, seals: !inbound)
        case .aes128CMHMACSHA1: CounterModeCipher(keys)
        }
    }

    /// Where tag and index stand behind `length` bytes of RTCP.
    private func controlOffsets(_ length: Int) -> (tag: Int, word: Int) {
        controlCipher.indexIsBehindTag
            ? (length, length + controlCipher.tagBytes) : (length + Self.controlWordBytes, length)
    }

    /// Nil for a source not known yet, of which there may be one more.
    private func knownPlace(of ssrc: UInt32) throws(SRTPError) -> Int? {
        if let place = sources.firstIndex(where: { $0.ssrc == ssrc }) { return place }
        guard sources.count < Self.maxSources else { throw .tooManySources }
        return nil
    }

    /// Of a source that is ours or authentic.
    private func place(of ssrc: UInt32) -> Int {
        if let place = sources.firstIndex(where: { $0.ssrc == ssrc }) { return place }
        sources.append(Source(ssrc: ssrc))
        return sources.count - 1
    }

    /// Rollover counter and sequence number: of all with these 16 bits the nearest to the newest (RFC 3711 §3.3.1). Less than
    /// 0 is a number from before the first packet.
    private func index(of packet: UnsafeMutableRawBufferPointer, in window: ReplayWindow) -> Int64 {
        let sequence = UInt16(bigEndian: packet.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        guard let newest = window.newest else { return Int64(sequence) }
        return newest + Int64(Int16(truncatingIfNeeded: Int64(sequence) - newest))
    }

    /// Fixed header, contributing sources and extension (RFC 3550 §5.1, §5.3.1); nil when they do not fit.
    private static func headerBytes(_ packet: UnsafeMutableRawBufferPointer) -> Int? {
        guard packet.count >= RTPHeader.length else { return nil }
        var length = RTPHeader.length + 4 * Int(packet[0] & 0x0F)
        if packet[0] & 0x10 != 0 {
            guard length + 4 <= packet.count else { return nil }
            length += 4 + 4 * Int(UInt16(bigEndian: packet.loadUnaligned(fromByteOffset: length + 2, as: UInt16.self)))
        }
        return length <= packet.count ? length : nil
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Four bytes that are there, in network byte order.
    fileprivate func word(at offset: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    fileprivate func split(at header: Int, _ controlWord: UInt32?) -> PacketText {
        PacketText(
            header: UnsafeRawBufferPointer(rebasing: self[..<header]),
            body: UnsafeMutableRawBufferPointer(rebasing: self[header...]), controlWord: controlWord)
    }
}
