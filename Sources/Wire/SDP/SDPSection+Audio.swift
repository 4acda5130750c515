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

    /// The payload type that stands for packets of nothing but `format`, earlier ones beside each (RED, RFC 2198 §5).
    func redundancyType(of format: AudioFormat) -> PayloadType? {
        for (number, encoding) in encodings {
            let (name, rest) = encoding.cut(at: UInt8(ascii: "/"))
            let rate = rest?.cut(at: UInt8(ascii: "/")).head
            guard name.lowercased() == "red", rate?.decimal(as: Int.self) == format.codec.clockRate,
                formats.contains(number), let value = number.decimal(as: UInt8.self), Self.isUsable(value),
                repeatsOnly(format.payloadType, PayloadType(value))
            else { continue }
            return PayloadType(value)
        }
        return nil
    }

    /// `a=rtcp-fb:111 nack` or `a=rtcp-fb:* nack`
    func asksForPackets(of format: AudioFormat) -> Bool {
        attributes.values("rtcp-fb").contains { line in
            let fields: [Substring] = line.fields
            guard fields.count == 2, fields[1] == "nack" else { return false }
            return fields[0] == "*" || fields[0].decimal(as: UInt8.self) == format.payloadType.rawValue
        }
    }

    /// `a=fmtp:63 111/111`
    private func repeatsOnly(_ payloadType: PayloadType, _ redundancyType: PayloadType) -> Bool {
        attributes.values("fmtp").contains { line in
            let (head, tail) = line.cut(at: UInt8(ascii: " "))
            guard head.decimal(as: UInt8.self) == redundancyType.rawValue, let tail else { return false }
            let repeated = tail.trimmed.utf8.split(separator: UInt8(ascii: "/"))
            return !repeated.isEmpty
                && repeated.allSatisfy { Substring($0).decimal(as: UInt8.self) == payloadType.rawValue }
        }
    }

    /// What each format stands for, by `a=rtpmap`; the first line for it counts.
    private var encodings: [(format: Substring, encoding: Substring)] {
        var seen: Set<Substring> = []
        return attributes.values("rtpmap").map(\.fields).compactMap { fields in
            fields.count == 2 && seen.insert(fields[0]).inserted ? (fields[0], fields[1]) : nil
        }
    }

    private var audioFormats: [AudioFormat] {
        let encodings = Dictionary(encodings.map { ($0.format, $0.encoding) }) { first, _ in first }
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
