import SessionEngine

extension EngineFailure {
    static let cancelled = EngineFailure(code: "cancelled", message: "The work was cancelled.")

    /// Codes that say something of the request and nothing of who was asked.
    private static let ofRequest: Set<String> = [
        "cancelled", "engine_busy", "engine_request_refused", "context_length_exceeded", "audio_unavailable",
    ]
    /// Codes that the same request may not meet again.
    private static let passing: Set<String> = [
        "engine_unreachable", "engine_unreadable", "engine_error", "engine_overloaded",
    ]

    var blamesServer: Bool { !Self.ofRequest.contains(code) }

    /// Whether it is worth asking once more at once.
    var mayPass: Bool { Self.passing.contains(code) && retryAfter == nil }
}
