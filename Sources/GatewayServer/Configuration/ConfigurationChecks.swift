import Logging
import ModelLibrary
import NIOCore

/// Checks of single values; each returns nil for a good value, else what it must be.
enum Checks {
    static let address: @Sendable (String) -> String? = { text in
        (try? SocketAddress(ipAddress: text, port: 0)) == nil ? "a numeric address" : nil
    }

    static let ipv4Address: @Sendable (String) -> String? = { text in
        guard case .v4? = try? SocketAddress(ipAddress: text, port: 0) else { return "a numeric IPv4 address" }
        return nil
    }

    static let hostName: @Sendable (String) -> String? = { text in
        let good = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        return good && HostHeader(text)?.port == nil ? nil : "a host name without port or scheme"
    }

    static let origin: @Sendable (String) -> String? = { text in
        text == "null" || OriginHeader(text) != nil ? nil : "scheme://host or scheme://host:port"
    }

    static let path: @Sendable (String) -> String? = { $0.isEmpty ? "a path" : nil }

    static let apiKey: @Sendable (String) -> String? = { text in
        APIKeys.isWellFormed(text) ? nil : "printable ASCII without spaces"
    }

    static let secretKey: @Sendable (String) -> String? = { text in
        text.utf8.count >= 32 ? nil : "at least 32 characters"
    }

    static let hostPattern: @Sendable (String) -> String? = { text in
        if text == "*" { return nil }
        let name = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
        return hostName(String(name)) == nil && !name.contains("*") ? nil : "a host name, *.example.com, or *"
    }

    static let hostOrNumber: @Sendable (String) -> String? = { text in
        address(text) == nil || hostName(text) == nil ? nil : "a host name or a numeric address"
    }

    static let budget: @Sendable (String) -> String? = { text in
        GatewayConfiguration.Budget.money(text) == nil ? "an amount above 0" : nil
    }

    static let price: @Sendable (String) -> String? = { text in
        PriceEntry(text) == nil ? "a model and prices, \"* text-in=1 audio-out=2\"" : nil
    }

    static let portRange: @Sendable (String) -> String? = { text in
        GatewayConfiguration.ICE.portRange(text) == nil ? "\"min-max\" with ports from 1 to 65535" : nil
    }

    static let hostAndPort: @Sendable (String) -> String? = { text in
        GatewayConfiguration.ServerAddress(text, defaultPort: 3478) == nil ? "\"host:port\"" : nil
    }

    static let clientServer: @Sendable (String) -> String? = { text in
        GatewayConfiguration.ClientICEServer(text) == nil ? "\"stun:\", \"turn:\" or \"turns:\" and host:port" : nil
    }

    static let turnServer: @Sendable (String) -> String? = { text in
        GatewayConfiguration.TURNServer(text) == nil ? "\"turn:host:port\" with ?transport=udp or tcp" : nil
    }

    static let modelProfile: @Sendable (String) -> String? = { text in
        ModelProfile(rawValue: text) == nil
            ? "one of \(ModelProfile.allCases.map(\.rawValue).joined(separator: ", "))" : nil
    }

    static let logLevel: @Sendable (String) -> String? = { text in
        Logger.Level(rawValue: text) == nil ? "a log level" : nil
    }
}
