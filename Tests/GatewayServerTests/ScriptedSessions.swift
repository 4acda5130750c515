import GatewayServer
import Logging
import NIOConcurrencyHelpers
import RealtimeProtocol
import SessionEngine
import VoiceSession

/// Makes sessions that do what their client says, and remembers what they were made with.
final class ScriptedSessions: Sendable {
    static let defaultModel = "scripted"

    private let made = NIOLockedValueBox<[SessionConfiguration]>([])
    private let profiles = NIOLockedValueBox<[ClientProfile]>([])
    private let departed = NIOLockedValueBox<[SessionInput.Departure]>([])

    var configurations: [SessionConfiguration] { made.withLockedValue { $0 } }
    var clients: [ClientProfile] { profiles.withLockedValue { $0 } }
    /// How transports left, in the order they did, once so many have.
    func departures(_ count: Int) async -> [SessionInput.Departure] {
        while departed.withLockedValue({ $0.count < count }) { await Task.yield() }
        return departed.withLockedValue { $0 }
    }

    private let overload = NIOLockedValueBox<String?>(nil)

    /// Why no session is let in from now on; nil lets all in.
    func refuseAll(_ words: String?) { overload.withLockedValue { $0 = words } }

    /// Of scripted sessions, or those of `makeDriver`.
    func registry(
        _ logger: Logger, limits: GatewayConfiguration.Session, journal: Journal?,
        _ makeDriver: SessionRegistry.MakeDriver?
    ) -> SessionRegistry {
        let scripted: SessionRegistry.MakeDriver = { _, configuration, _, _ in
            self.made.withLockedValue { $0.append(configuration) }
            return ScriptedDriver(sessions: self)
        }
        return SessionRegistry(
            makeDriver: makeDriver ?? scripted, models: [Self.defaultModel, "other"], maxCount: limits.maxCount,
            grace: limits.resumeGrace, overload: { self.overload.withLockedValue { $0 } }, journal: journal,
            logger: logger)
    }

    fileprivate func attached(_ profile: ClientProfile) { profiles.withLockedValue { $0.append(profile) } }
    fileprivate func left(_ departure: SessionInput.Departure) { departed.withLockedValue { $0.append(departure) } }
}

/// Says what it hears, except for a few words that it obeys.
private struct ScriptedDriver: SessionDriver {
    let sessions: ScriptedSessions

    func run(_ transport: any SessionTransport) async { await serve(transport, greeting: "session") }
    func attach(_ transport: any SessionTransport) async { await serve(transport, greeting: "sideband") }

    private func serve(_ transport: any SessionTransport, greeting: String) async {
        sessions.attached(transport.profile)
        while let input = await transport.nextInput() {
            switch input {
            case .opened: say(greeting, transport)
            case .message(let message): obey(message, transport)
            case .departed(let departure): sessions.left(departure)
            }
        }
    }

    private func obey(_ message: TransportMessage, _ transport: any SessionTransport) {
        switch message.payload {
        case .binary(let bytes): say("binary \(bytes.count)", transport)
        case .text(let bytes) where bytes.count > 100_000: say("text \(bytes.count)", transport)
        case .text(let bytes):
            switch String(decoding: bytes, as: UTF8.self) {
            case "flood": for _ in 0..<40 { say(String(repeating: "x", count: 1 << 20), transport) }
            case "expire": transport.close(.expired)
            case let text: say(text, transport)
            }
        }
    }

    private func say(_ text: String, _ transport: any SessionTransport) {
        transport.send(TransportMessage(channel: 0, payload: .text(Array(text.utf8))))
    }
}
