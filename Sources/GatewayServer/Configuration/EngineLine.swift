import SpeechEngines
import VoiceSession

/// The words of a line after its name: servers (`language=SERVER`, as often as there are fallbacks), and fields that hold for
/// all of them. A server's own fields are attached to it: `language=URL#MODEL;limit=8;key=env:NAME`.
struct EngineLine {
    /// What a server may be named for.
    enum Place: String, CaseIterable {
        case language
        case recogniser
        case voice
        case upstream

        /// Fields that a server in this place knows.
        var fields: Set<String> {
            switch self {
            case .language: EngineLine.everyServers.union(["key", "context", "images", "audio"])
            case .recogniser: EngineLine.everyServers.union(["key", "stream"])
            case .voice: EngineLine.everyServers.union(["key", "speaker", "format", "rate"])
            case .upstream: ["key", "ca"]
            }
        }
    }

    /// The word for the embedded engine's stage among servers.
    static let embedded = "embedded"
    static let everyServers: Set<String> = ["limit", "queue", "deadline-ms", "stall-ms", "hedge-ms"]

    /// As `PriceEntry` reads them.
    private(set) var prices: [String] = []
    private var servers: [(place: Place, address: String, own: EngineFields)] = []
    private var shared = EngineFields()

    init(_ words: [String]) throws(EngineEntry.Mistake) {
        for word in words {
            let (name, value) = try EngineFields.split(word)
            if let place = Place(rawValue: name) {
                servers.append(try Self.server(place, value))
            } else if PriceEntry.names.contains(Substring(name)) {
                prices.append(word)
            } else {
                try shared.add(word)
            }
        }
        let known = servers.reduce(into: Set()) { $0.formUnion($1.place.fields) }
        for name in shared.names where !known.contains(name) {
            throw Place.allCases.contains { $0.fields.contains(name) }
                ? .init("\(name)= is there, and no server that it is for") : Self.unknown(name)
        }
    }

    private static func server(
        _ place: Place, _ text: String
    ) throws(EngineEntry.Mistake) -> (place: Place, address: String, own: EngineFields) {
        var parts = text.split(separator: ";", omittingEmptySubsequences: false)
        let address = String(parts.removeFirst())
        var own = EngineFields()
        for part in parts { try own.add(part) }
        let known = address == embedded ? everyServers : place.fields
        if let name = own.names.first(where: { !known.contains($0) }) {
            throw .init("\(place.rawValue)=\(address) has \(name)=; it takes \(known.sorted().joined(separator: ", "))")
        }
        return (place, address, own)
    }

    private static func unknown(_ name: String) -> EngineEntry.Mistake {
        let fields = Place.allCases.reduce(into: Set()) { $0.formUnion($1.fields) }
        let names = Place.allCases.map(\.rawValue) + fields.sorted() + PriceEntry.names.sorted().map(String.init)
        return .init("\(name)= is unknown; there are \(names.joined(separator: ", "))")
    }

    /// The servers of a stage in order. What holds for the whole line is not for the embedded engine.
    func servers(
        of place: Place, _ environment: [String: String]
    ) throws(EngineEntry.Mistake) -> [StageServer] {
        var found: [StageServer] = []
        for server in servers where server.place == place {
            let isEmbedded = server.address == Self.embedded
            let fields = isEmbedded ? server.own : server.own.over(shared.only(place.fields))
            var endpoint: RemoteEndpoint?
            if !isEmbedded {
                endpoint = RemoteEndpoint(server.address, key: try fields.key(environment))
                guard endpoint != nil else {
                    throw Self.badAddress(place, server.address, "http(s)://host:port/v1#MODEL, or \(Self.embedded)")
                }
            }
            found.append(try Self.server(endpoint, fields))
        }
        guard found.count(where: { $0.endpoint == nil }) <= 1 else {
            throw .init("\(place.rawValue)=\(Self.embedded) is there twice")
        }
        return found
    }

    private static func server(
        _ endpoint: RemoteEndpoint?, _ fields: EngineFields
    ) throws(EngineEntry.Mistake) -> StageServer {
        var server = StageServer(endpoint)
        server.limits.concurrent = try fields.number("limit", 1...10_000, of: "requests at once")
        server.limits.queued =
            try fields.number("queue", 0...10_000, of: "requests that wait") ?? ServerLimits.usualQueue
        server.limits.firstOutput = try fields.duration("deadline-ms")
        server.limits.stall = try fields.duration("stall-ms")
        server.limits.hedge = try fields.duration("hedge-ms")
        server.contextTokens = try fields.number("context", 512...10_000_000, of: "tokens") ?? server.contextTokens
        server.acceptsImages = try fields.flag("images") ?? false
        server.hears = try fields.flag("audio") ?? false
        server.streams = try fields.flag("stream") ?? true
        server.speaker = fields.text("speaker")
        if let name = fields.text("format") {
            guard let format = VoiceFormat(rawValue: name) else {
                let names = VoiceFormat.allCases.map(\.rawValue).joined(separator: ", ")
                throw .init("format=\(name) must be one of \(names)")
            }
            server.format = format
        }
        server.rawHertz =
            try fields.number("rate", VoiceFormat.rawHertzRange, of: "samples per second") ?? server.rawHertz
        return server
    }

    /// An address with a password in it is not shown.
    private static func badAddress(_ place: Place, _ address: String, _ wanted: String) -> EngineEntry.Mistake {
        address.contains("@")
            ? .init("\(place.rawValue)= holds an @: the key belongs into key=env:NAME, the address is \(wanted)")
            : .init("\(place.rawValue)=\(address) must be \(wanted)")
    }

    func upstreams(_ environment: [String: String]) throws(EngineEntry.Mistake) -> [UpstreamEndpoint] {
        var found: [UpstreamEndpoint] = []
        for server in servers where server.place == .upstream {
            let fields = server.own.over(shared.only(Place.upstream.fields))
            let (key, authority) = (try fields.key(environment), try fields.certificates("ca"))
            guard let upstream = UpstreamEndpoint(server.address, key: key, certificates: authority) else {
                throw Self.badAddress(.upstream, server.address, "ws(s)://host:port/v1/realtime#MODEL")
            }
            found.append(upstream)
        }
        return found
    }
}
