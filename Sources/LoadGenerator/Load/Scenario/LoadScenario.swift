import Foundation
package import RealtimeProtocol

/// What `parley load` does to a server (docs/load.md).
package struct LoadScenario: Equatable, Sendable {
    package var name = "load"
    /// Nil leaves it to the server; a WebSocket then asks for `gpt-realtime`.
    package var model: String?
    /// Of every draw: think times, interruptions, lost packets. The same seed draws the same.
    package var seed: UInt64 = 1
    /// From the first call to the hang-up of the last.
    package var seconds = 20.0
    /// Quiet after the last hang-up in which the server is watched.
    package var settleSeconds = 0.0
    package var groups = [LoadGroup()]
    package var thresholds: [LoadThreshold] = []

    package init() {}
}

/// Calls of one kind.
package struct LoadGroup: Equatable, Sendable {
    package enum Transport: String, CaseIterable, Sendable { case webrtc, websocket }

    /// When the microphone sends: always, as a browser's does, or from the first word until the answer begins.
    package enum Microphone: String, CaseIterable, Sendable { case open, speech }

    package var name = "calls"
    /// Instead of the scenario's.
    package var model: String?
    package var transport = Transport.webrtc
    /// Calls at once. Several numbers are several runs, one after the other.
    package var calls = [10]
    /// Over which the calls begin, evenly.
    package var rampSeconds = 1.0
    /// Instead of calls that stay.
    package var churn: Churn?
    /// Of the calls, those that speak; the others are quiet. 0 to 1.
    package var talkers = 1.0
    /// One after the other, each call from another on.
    package var speech: [Speech] = []
    /// Between the end of an answer and the next words, drawn evenly.
    package var thinkSeconds = 1.0...1.0
    /// From the end of speech to the end of the answer; then the turn counts as unanswered.
    package var patienceSeconds = 20.0
    /// Of the answers, those that are talked over. 0 to 1.
    package var interrupt = 0.0
    /// How much of an answer is heard before it is talked over.
    package var interruptAfterSeconds = 1.0
    package var microphone = Microphone.open
    /// Of one message over WebSocket.
    package var chunkMs = 100
    package var tools: [Tool] = []
    /// Members of the session, as the protocol names them.
    package var session = JSONObject()
    /// Of the packets that the client sends, lost on their way. 0 to 1.
    package var lossShare = 0.0
    package var flood: Flood?
    /// Whether what is heard is decoded, so that silence is told from sound by its level.
    package var decodes = false

    package init() {}

    /// Calls that come at a rate, each hung up after a while.
    package struct Churn: Equatable, Sendable {
        package var perSecond: Double
        package var holdSeconds: Double

        package init(perSecond: Double, holdSeconds: Double) {
            self.perSecond = perSecond
            self.holdSeconds = holdSeconds
        }
    }

    package struct Speech: Equatable, Sendable {
        /// A WAV file; relative to the scenario's.
        package var file: String
        /// What is said; nil where nobody asks whether it was understood.
        package var says: String?

        package init(file: String, says: String? = nil) {
            self.file = file
            self.says = says
        }
    }

    /// A function that the model may call.
    package struct Tool: Equatable, Sendable {
        package var name: String
        package var description: String
        package var parameters: JSONObject
        /// What every call of it gives back.
        package var output: String
    }

    /// What no honest client does.
    package struct Flood: Equatable, Sendable {
        /// The longest event that fits a data channel's message, with what is around the filler.
        static let channelBytes = 260_000

        package var packetsPerSecond = 0
        package var eventBytes = 0
        package var eventsPerSecond = 0
    }
}
