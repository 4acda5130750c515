// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "parley",
    products: [
        .executable(name: "parley", targets: ["parley"]),
        .executable(name: "parley-fetch", targets: ["ParleyFetch"]),
        .executable(name: "peer-bench", targets: ["PeerBench"]),
        .executable(name: "turn-bench", targets: ["TurnBench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", exact: "1.4.0",
            traits: ["YAML", "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // C libraries, one module map and one shim each.
        .systemLibrary(name: "CKissFFT", pkgConfig: "kissfft-float", providers: [.apt(["libkissfft-dev"])]),
        .systemLibrary(name: "CLlama"),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CMPG123", pkgConfig: "libmpg123", providers: [.apt(["libmpg123-dev"])]),
        .systemLibrary(name: "CNice", pkgConfig: "glib-2.0", providers: [.apt(["libnice-dev"])]),
        .systemLibrary(name: "COgg", pkgConfig: "ogg", providers: [.apt(["libogg-dev"])]),
        .systemLibrary(name: "COnnxRuntime"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        .systemLibrary(name: "CSherpaONNX"),
        .systemLibrary(name: "CSpeexDSP", pkgConfig: "speexdsp", providers: [.apt(["libspeexdsp-dev"])]),
        .systemLibrary(name: "CUsrsctp", providers: [.apt(["libusrsctp-dev"])]),

        .target(name: "Wire", swiftSettings: strict),
        .target(
            name: "AudioPipeline", dependencies: ["CKissFFT", "CMPG123", "COgg", "COpus", "CSpeexDSP", "Wire"],
            swiftSettings: strict),
        .target(
            name: "PeerTransport",
            dependencies: [
                "AudioPipeline", "CNice", "COpenSSL", "CUsrsctp", "Wire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: strict),
        .target(name: "ModelLibrary", dependencies: ["COpenSSL"], swiftSettings: strict),
        .target(name: "RealtimeProtocol", swiftSettings: strict),
        .target(name: "SessionEngine", dependencies: ["RealtimeProtocol"], swiftSettings: strict),
        .target(
            name: "SpeechEngines",
            dependencies: [
                "AudioPipeline", "CLlama", "COnnxRuntime", "CSherpaONNX", "ModelLibrary", "RealtimeProtocol",
                "SessionEngine",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .target(
            name: "VoiceSession",
            dependencies: [
                "AudioPipeline", "RealtimeProtocol", "SessionEngine", "SpeechEngines",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict),
        .target(
            name: "GatewayServer",
            dependencies: [
                "AudioPipeline", "CMalloc", "COpenSSL", "ModelLibrary", "PeerTransport", "RealtimeProtocol",
                "SessionEngine", "SpeechEngines", "VoiceSession", "Wire",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .target(
            name: "LoadGenerator",
            dependencies: [
                "AudioPipeline", "PeerTransport", "RealtimeProtocol", "Wire",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "parley",
            dependencies: [
                "AudioPipeline", "GatewayServer", "LoadGenerator", "ModelLibrary", "PeerTransport", "RealtimeProtocol",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        // Built first and by itself, so it links nothing that takes long.
        .executableTarget(
            name: "ParleyFetch",
            dependencies: [
                "ModelLibrary",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "PeerBench",
            dependencies: [
                "AudioPipeline", "LoadGenerator", "PeerTransport", "Wire",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/PeerBench",
            swiftSettings: strict),
        .executableTarget(
            name: "TurnBench",
            dependencies: [
                "AudioPipeline", "LoadGenerator", "ModelLibrary", "RealtimeProtocol", "SessionEngine", "SpeechEngines",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/TurnBench", exclude: ["fit.py", "pauses.tsv"],
            swiftSettings: strict),

        .target(
            name: "TestKit", dependencies: ["AudioPipeline", "PeerTransport", "SpeechEngines", "Wire"],
            path: "Tests/TestKit",
            swiftSettings: strict,
            // TestKit's gettimeofday must stand before libc's for usrsctp (VirtualTimeOfDay.swift).
            linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic-symbol=gettimeofday"])]),
        .testTarget(
            name: "WireTests", dependencies: ["Wire"], resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "AudioPipelineTests", dependencies: ["AudioPipeline", "COpus", "Wire"],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "ModelLibraryTests", dependencies: ["ModelLibrary"], swiftSettings: strict),
        .testTarget(
            name: "RealtimeProtocolTests", dependencies: ["RealtimeProtocol"], resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(
            name: "SessionEngineTests", dependencies: ["RealtimeProtocol", "SessionEngine"],
            resources: [.copy("Transcripts")], swiftSettings: strict),
        .testTarget(
            name: "SpeechEnginesTests",
            dependencies: [
                "AudioPipeline", "ModelLibrary", "RealtimeProtocol", "SessionEngine", "SpeechEngines", "TestKit",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "VoiceSessionTests",
            dependencies: [
                "AudioPipeline", "RealtimeProtocol", "SessionEngine", "SpeechEngines", "TestKit", "VoiceSession",
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PeerTransportTests", dependencies: ["PeerTransport", "TestKit"], swiftSettings: strict),
        .testTarget(
            name: "LoadGeneratorTests", dependencies: ["AudioPipeline", "LoadGenerator", "RealtimeProtocol"],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayServerTests",
            dependencies: [
                "AudioPipeline", "GatewayServer", "LoadGenerator", "PeerTransport", "RealtimeProtocol", "SessionEngine",
                "SpeechEngines", "TestKit", "VoiceSession",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
