package import RealtimeProtocol

/// The voices of a synthesizer, and which of them speaks for each voice name of the Realtime API.
package struct VoiceTable: Equatable, Sendable {
    /// A voice that can be asked for by its own name.
    package struct Entry: Equatable, Sendable {
        package var name: String
        /// For a person who chooses.
        package var description: String
    }

    /// The names that the hosted service has (RT-066), the ones it recommends first.
    package static let realtimeNames = [
        "marin", "cedar", "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse",
    ]

    package let entries: [Entry]
    /// Index of the voice that speaks for a name of the Realtime API.
    private let realtime: [String: Int]

    /// - Parameter realtime: the voice for each name of the Realtime API; what is not there, or not a voice, gets one in turn.
    package init(entries: [Entry], realtime: [String: String]) {
        self.entries = entries
        var indices: [String: Int] = [:]
        for (place, name) in Self.realtimeNames.enumerated() {
            let wanted = realtime[name]
            indices[name] = entries.firstIndex { $0.name == wanted } ?? place % max(entries.count, 1)
        }
        self.realtime = indices
    }

    /// Each name of the Realtime API with the voice that speaks for it.
    package var mapping: [(name: String, voice: String)] {
        Self.realtimeNames.compactMap { name in
            realtime[name].flatMap { entries.indices.contains($0) ? (name, entries[$0].name) : nil }
        }
    }

    /// Index of the voice; nil when there is none of that name and the default speaks.
    package func index(of voice: Voice) -> Int? {
        guard case .named(let name) = voice else { return nil }
        return entries.firstIndex { $0.name == name } ?? realtime[name]
    }

    /// Index of the voice that speaks where none or an unknown one is asked for.
    package var defaultIndex: Int { realtime["marin"] ?? 0 }
}
