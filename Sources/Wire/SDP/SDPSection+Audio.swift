/// The codec of an audio section.
extension SDPSection {
    /// One payload type and the codec it stands for.
    struct AudioFormat: Equatable {
        var codec: AudioCodec
        var payloadType: PayloadType
    }

    /// The codec to answer: opus where offered, else PCMU, else PCMA, each with the first payload type offered for it.
    var audioFormat: AudioFormat? {
        let offered = audioFormats
        for codec in [AudioCodec.opus, .pcmu, .pcma] {
            if let format = offered.first(where: { $0.codec == codec }) { return format }
        }
        return nil
    }

    private var audioFormats: [AudioFormat] {
        let maps = attributes.values("rtpmap").map(\.fields)
        let encodings = Dictionary(
            maps.compactMap { fields in fields.count == 2 ? (fields[0], fields[1]) : nil }
        ) { first, _ in first }
        return formats.compactMap { format in
            guard let number = format.decimal(as: UInt8.self), Self.isUsable(number) else { return nil }
            let payloadType = PayloadType(number)
            let codec =
                if let encoding = encodings[format] {
                    AudioCodec(rtpMap: encoding)
                } else {
                    AudioCodec.allCases.first { $0.staticPayloadType == payloadType }
                }
            return codec.map { AudioFormat(codec: $0, payloadType: payloadType) }
        }
    }

    /// The payload types 64 to 95 look like RTCP on a shared port (RFC 5761 §4).
    private static func isUsable(_ payloadType: UInt8) -> Bool {
        payloadType < 128 && !(64...95).contains(payloadType)
    }

    /// The `name=value` pairs of a payload type's `a=fmtp`, names in lower case.
    func formatParameters(of payloadType: PayloadType) -> [String: Substring] {
        var parameters: [String: Substring] = [:]
        for line in attributes.values("fmtp") {
            let (head, tail) = line.cut(at: UInt8(ascii: " "))
            guard head.decimal(as: UInt8.self) == payloadType.rawValue, let tail else { continue }
            for pair in tail.utf8.split(separator: UInt8(ascii: ";")) {
                let (name, value) = Substring(pair).cut(at: UInt8(ascii: "="))
                parameters[name.trimmed.lowercased()] = (value ?? "").trimmed
            }
        }
        return parameters
    }

    /// The sources the other side announces (RFC 5576 §4.1), each once, in its order.
    var announcedSources: [SSRC] {
        var seen: Set<SSRC> = []
        return attributes.values("ssrc").compactMap { $0.fields.first?.decimal(as: UInt32.self) }
            .map(SSRC.init).filter { seen.insert($0).inserted }
    }
}
