import Foundation
package import Logging

/// The checked configuration of one gateway; building it is the only way to get one, so a held value is a good one.
package struct GatewayConfiguration: Sendable {
    package var http: Listener
    package var https: HTTPS
    package var auth: Auth
    package var web: Web
    package var calls: Calls
    package var session: Session
    package var prices: Prices
    package var budget: Budget
    package var tools: Tools
    package var ice: ICE
    package var media: Media
    package var audio: Audio
    package var engine: EngineChoice
    package var models: Models
    package var tracing: Tracing
    package var journal: Journal
    package var log: Log
    package var stop: Stop

    /// Reads flags over environment over one YAML file over the defaults.
    package init(
        arguments: [String] = [], environment: [String: String] = [:], file: String? = nil
    ) throws(ConfigurationError) {
        let keys = ConfigurationKey.all
        var values = ConfigurationValues(
            keys: keys,
            sources: ConfigurationSources(arguments: arguments, environment: environment, file: file, keys: keys))
        http = Listener(&values, "http")
        https = HTTPS(&values)
        auth = Auth(&values)
        web = Web(&values)
        calls = Calls(&values)
        session = Session(&values)
        prices = Prices(&values)
        ice = ICE(&values)
        media = Media(&values)
        audio = Audio(&values)
        engine = EngineChoice(&values, environment)
        engine.fit(to: session.deadlines, &values)
        prices.own = engine.entries.compactMap(\.price) + prices.own
        budget = Budget(&values, prices)
        tools = Tools(&values, environment)
        models = Models(&values, environment)
        tracing = Tracing(&values)
        journal = Journal(&values)
        log = Log(&values)
        stop = Stop(&values)
        requireKeysBeyondLoopback(&values)
        guard values.problems.isEmpty else { throw ConfigurationError(problems: values.problems) }
    }

    private func requireKeysBeyondLoopback(_ values: inout ConfigurationValues) {
        guard auth.keys.isEmpty else { return }
        var listeners = [("http.hosts", http.hosts)]
        if https.tls != nil { listeners.append(("https.hosts", https.listener.hosts)) }
        for (name, hosts) in listeners {
            guard let open = hosts.first(where: { !HostHeader.isLoopback($0) }) else { continue }
            values.refuse(
                name, "\(open) is reachable from outside: set auth.keys (or auth.keys-file) before listening there")
        }
    }
}

extension GatewayConfiguration {
    /// Where one protocol listens.
    package struct Listener: Sendable {
        package var hosts: [String]
        package var port: Int
        /// Lower-case host names beside loopback; empty for HTTPS, which shares those of HTTP.
        package var allowedHosts: Set<String> = []
        package var allowedOrigins: Set<String> = []

        init(_ values: inout ConfigurationValues, _ section: String) {
            hosts = values.list("\(section).hosts")
            port = values.integer("\(section).port")
            if section == "http" {
                allowedHosts = Set(values.list("http.allowed-hosts").map { $0.lowercased() })
                allowedOrigins = Set(values.list("http.allowed-origins").map { $0.lowercased() })
            }
        }
    }

    /// HTTPS; without files of a certificate it is off.
    package struct HTTPS: Sendable {
        /// PEM files of a certificate chain and its key.
        package struct TLS: Sendable {
            package var certificate: String
            package var privateKey: String
        }

        package var listener: Listener
        package var tls: TLS?
        /// PEM file of the local authority; it need not exist.
        package var authority: String

        init(_ values: inout ConfigurationValues) {
            listener = Listener(&values, "https")
            authority = values.text("https.ca-certificate") ?? ""
            let names = ["https.certificate", "https.private-key"]
            let paths = names.map { values.text($0) ?? "" }
            let missing = zip(names, paths).filter { !FileManager.default.isReadableFile(atPath: $0.1) }
            if missing.isEmpty {
                tls = TLS(certificate: paths[0], privateKey: paths[1])
            } else if missing.count == 1 || !names.allSatisfy(values.isDefault) {
                for (name, path) in missing { values.refuse(name, "\(path) cannot be read") }
            }
        }
    }

    /// Who may call.
    package struct Auth: Sendable {
        /// None: loopback only, any bearer.
        package var keys: APIKeys
        /// Words for the key of client secrets; nil: a random key.
        package var secretKey: String?

        init(_ values: inout ConfigurationValues) {
            var texts = values.list("auth.keys")
            if let path = values.text("auth.keys-file") {
                do {
                    let added = try APIKeys.read(file: path)
                    if added.isEmpty { values.refuse("auth.keys-file", "\(path) holds no key") }
                    texts += added
                } catch {
                    values.refuse("auth.keys-file", "\(path): \(error)")
                }
            }
            keys = APIKeys(texts)
            secretKey = values.text("auth.secret-key") ?? Self.secretKey(ofFile: &values)
        }

        private static func secretKey(ofFile values: inout ConfigurationValues) -> String? {
            guard let path = values.text("auth.secret-key-file") else { return nil }
            guard let data = FileManager.default.contents(atPath: path) else {
                values.refuse("auth.secret-key-file", "\(path) cannot be read")
                return nil
            }
            let line = String(decoding: data, as: UTF8.self).prefix { !$0.isNewline }
            let words = line.trimmingCharacters(in: .whitespaces)
            if let wanted = Checks.secretKey(words) {
                values.refuse("auth.secret-key-file", "the first line of \(path) must be \(wanted)")
            }
            return words
        }
    }

    /// Static files.
    package struct Web: Sendable {
        package var directory: String

        init(_ values: inout ConfigurationValues) {
            directory = values.text("web.directory") ?? ""
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory)
            if !values.isDefault("web.directory"), !exists || !isDirectory.boolValue {
                values.refuse("web.directory", "\(directory) is not a directory")
            }
        }
    }

    /// Limits of calls that are not connected yet.
    package struct Calls: Sendable {
        package var maxUnconnected: Int
        package var maxUnconnectedPerAddress: Int
        package var setupTimeout: Duration

        init(_ values: inout ConfigurationValues) {
            maxUnconnected = values.integer("calls.max-unconnected")
            maxUnconnectedPerAddress = values.integer("calls.max-unconnected-per-address")
            setupTimeout = .seconds(values.integer("calls.setup-timeout-seconds"))
        }
    }

    /// The media threads.
    package struct Media: Sendable {
        /// 0: one per core.
        package var loops: Int
        package var limits: Headroom.Limits

        init(_ values: inout ConfigurationValues) {
            loops = values.integer("media.loops")
            limits = Headroom.Limits(
                latePercent: values.integer("media.max-late-percent"),
                busyPercent: values.integer("media.max-busy-percent"))
        }
    }

    /// The Opus encoder.
    package struct Audio: Sendable {
        package var bitrateBps: Int
        package var complexity: Int
        /// Before any is reported.
        package var expectedLossPercent: Int
        /// Less while the threads that carry calls are busy.
        package var followsLoad: Bool

        init(_ values: inout ConfigurationValues) {
            bitrateBps = values.integer("audio.bitrate-bps")
            complexity = values.integer("audio.complexity")
            expectedLossPercent = values.integer("audio.expected-loss-percent")
            followsLoad = values.flag("audio.complexity-follows-load")
        }
    }

    /// Logging to standard error.
    package struct Log: Sendable {
        package var level: Logger.Level

        init(_ values: inout ConfigurationValues) {
            level = values.text("log.level").flatMap(Logger.Level.init(rawValue:)) ?? .info
        }
    }

    /// The end of the process.
    package struct Stop: Sendable {
        /// Per service.
        package var deadline: Duration
        /// For the sessions that there are, before any service stops.
        package var drain: Duration

        init(_ values: inout ConfigurationValues) {
            drain = .seconds(values.integer("stop.drain-seconds"))
            deadline = .seconds(values.integer("stop.deadline-seconds"))
        }
    }
}
