import Foundation
import RealtimeProtocol

/// The `error` event of a request that never became a session.
enum ErrorEvent {
    static func encoded(_ error: ProtocolError) -> [UInt8] {
        let body: [String: Any] = [
            "type": error.kind.rawValue, "code": error.code ?? NSNull(), "message": error.message,
            "param": error.param ?? NSNull(), "event_id": error.eventID ?? NSNull(),
        ]
        let event: [String: Any] = [
            "type": "error", "event_id": RandomName.make(prefix: "event_"), "error": body,
        ]
        return (try? JSONSerialization.data(withJSONObject: event, options: .sortedKeys)).map(Array.init) ?? []
    }
}
