/// Writes descriptions of ours, line by line, in the order RFC 8866 §5 asks for.
struct DescriptionWriter {
    private let local: LocalDescription
    private let setup: DTLSSetup
    /// Everything so far, each line ended by CRLF.
    private(set) var text = ""

    init(local: LocalDescription, setup: DTLSSetup) {
        self.local = local
        self.setup = setup
    }

    /// The lines before the first section; `bundle` holds the identifiers of the sections used.
    mutating func session(bundle: [Substring]) {
        line("v=0")
        line("o=- \(local.sessionID & 0x7FFF_FFFF_FFFF_FFFF) \(local.sessionVersion) IN IP4 0.0.0.0")
        line("s=-")
        line("t=0 0")
        if !bundle.isEmpty { line("a=group:BUNDLE \(bundle.joined(separator: " "))") }
        if local.ice.isLite { line("a=ice-lite") }
    }

    /// An audio section with the one codec agreed.
    mutating func audio(_ audio: AudioNegotiation, protocolName: Substring, reducedSize: Bool) {
        // RED first: what stands first is what the peer is asked to send.
        let types = [audio.redundancyType, audio.payloadType].compactMap(\.self)
        media(
            "audio", protocolName: protocolName, formats: types.map { "\($0.rawValue)" }.joined(separator: " "),
            mid: audio.mid?[...])
        line("a=\(MediaDirection(sends: audio.sends, receives: audio.receives).attribute)")
        line("a=rtcp-mux")
        if reducedSize { line("a=rtcp-rsize") }
        format(audio.codec, payloadType: audio.payloadType)
        if audio.asksForPackets { asksForPackets(of: audio.payloadType) }
        if let type = audio.redundancyType { redundancy(type, of: audio.payloadType) }
        if audio.sends { source() }
        transport()
    }

    /// An audio section that offers several codecs, both ways.
    mutating func audioOffer(
        mid: Substring, formats: [(codec: AudioCodec, payloadType: PayloadType)], redundancyType: PayloadType
    ) {
        let opus = formats.first { $0.codec == .opus }
        let types = formats.map(\.payloadType) + (opus == nil ? [] : [redundancyType])
        let numbers = types.map { "\($0.rawValue)" }.joined(separator: " ")
        media("audio", protocolName: "UDP/TLS/RTP/SAVPF", formats: numbers, mid: mid)
        line("a=sendrecv")
        line("a=rtcp-mux")
        line("a=rtcp-rsize")
        for (codec, payloadType) in formats {
            format(codec, payloadType: payloadType)
            asksForPackets(of: payloadType)
        }
        if let opus { redundancy(redundancyType, of: opus.payloadType) }
        source()
        transport()
    }

    /// A section of data channels in the form `format` has.
    mutating func data(mid: Substring?, protocolName: Substring, format: SDPSection.DataFormat) {
        switch format {
        case .current:
            media("application", protocolName: protocolName, formats: "webrtc-datachannel", mid: mid)
            line("a=sctp-port:\(local.sctpPort)")
        case .old:
            media("application", protocolName: protocolName, formats: "\(local.sctpPort)", mid: mid)
            line("a=sctpmap:\(local.sctpPort) webrtc-datachannel \(DataNegotiation.streams)")
        }
        line("a=max-message-size:\(local.maxMessageSize)")
        transport()
    }

    /// A section that is not used (RFC 3264 §6).
    mutating func rejected(_ section: SDPSection) {
        line("m=\(section.kind) 0 \(section.protocolName) \(section.formats.joined(separator: " "))")
        line("c=IN IP4 0.0.0.0")
        if let mid = section.mid { line("a=mid:\(mid)") }
        line("a=inactive")
    }
}

// MARK: - Parts of a section

extension DescriptionWriter {
    private mutating func media(_ kind: String, protocolName: Substring, formats: String, mid: Substring?) {
        let (connection, port) = local.defaultAddress
        line("m=\(kind) \(port) \(protocolName) \(formats)")
        line("c=\(connection)")
        if let mid { line("a=mid:\(mid)") }
    }

    private mutating func format(_ codec: AudioCodec, payloadType: PayloadType) {
        line("a=rtpmap:\(payloadType.rawValue) \(codec.rtpMap)")
        if codec == .opus { line("a=fmtp:\(payloadType.rawValue) minptime=10;useinbandfec=1") }
    }

    /// Generic NACK (RFC 4585 §4.2).
    private mutating func asksForPackets(of payloadType: PayloadType) {
        line("a=rtcp-fb:\(payloadType.rawValue) nack")
    }

    /// Packets of `payloadType` with earlier ones beside them (RFC 2198 §5).
    private mutating func redundancy(_ type: PayloadType, of payloadType: PayloadType) {
        line("a=rtpmap:\(type.rawValue) red/48000/2")
        line("a=fmtp:\(type.rawValue) \(payloadType.rawValue)/\(payloadType.rawValue)")
    }

    private mutating func source() {
        line("a=msid:\(local.streamID) \(local.trackID)")
        line("a=ssrc:\(local.ssrc.rawValue) cname:\(local.cname)")
    }

    /// Written to every section of a group: some peers look in each.
    private mutating func transport() {
        line("a=ice-ufrag:\(local.ice.usernameFragment)")
        line("a=ice-pwd:\(local.ice.password)")
        line("a=fingerprint:\(local.fingerprint.attributeValue)")
        line("a=setup:\(setup.rawValue)")
        for candidate in local.ice.candidates {
            line(candidate.hasPrefix("a=") ? candidate : "a=\(candidate)")
        }
        line("a=end-of-candidates")
    }

    private mutating func line(_ line: String) {
        text += line
        text += "\r\n"
    }
}
