/// A position on a session's input audio: 1/48000 s since its first sample. Appended audio and received RTP share it.
package struct AudioPosition: Comparable, Hashable, Sendable {
    package static let ticksPerMs: Int64 = 48

    package var rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }
    package init(ms: Int) { rawValue = Int64(ms) &* Self.ticksPerMs }

    /// Whole milliseconds, rounded down.
    package var ms: Int { Int(rawValue / Self.ticksPerMs) }

    package static func < (left: AudioPosition, right: AudioPosition) -> Bool { left.rawValue < right.rawValue }

    package func advanced(byMs ms: Int) -> AudioPosition {
        AudioPosition(rawValue: rawValue &+ Int64(ms) &* Self.ticksPerMs)
    }
}

/// The number of a response's work: it travels with every token, clause and block of audio, and what is older is dropped.
package struct ResponseGeneration: Comparable, Hashable, Sendable {
    package var rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package static func < (left: ResponseGeneration, right: ResponseGeneration) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// One connection of a session: the first is 0, sidebands and resumed ones count on.
package struct TransportID: Hashable, Sendable {
    package var rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }
}

/// What a connection can do; the protocol differs by it (REALTIME_API 4.5).
package enum TransportKind: Equatable, Sendable {
    /// Audio in events, faster than real time; the client truncates.
    case webSocket
    /// Audio by RTP in real time; the server knows what was played and truncates.
    case peer
    /// A second WebSocket on a running call: all events, no audio.
    case sideband
}
