package import RealtimeProtocol

/// One event of a recorded session: when it passed and who sent it.
package struct RecordedEvent: Equatable, Sendable {
    /// The console makes some events itself, where a transport has none.
    package enum Sender: String, Sendable {
        case client
        case server
        case page
    }

    /// Since the recording's first event.
    package var ms: Double
    package var sender: Sender
    package var event: JSONObject

    package init(ms: Double, sender: Sender, event: JSONObject) {
        self.ms = ms
        self.sender = sender
        self.event = event
    }

    var type: String { event.text("type") ?? "" }
}
