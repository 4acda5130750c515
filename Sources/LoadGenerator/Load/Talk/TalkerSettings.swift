/// Where the speech lies in a recording, and what it says.
package struct ClipShape: Equatable, Sendable {
    /// Length of the whole, in frames of the transport.
    package var frames: Int
    /// From the recording's beginning.
    package var speechBegins: Duration
    package var speechEnds: Duration
    package var says: String?

    package init(frames: Int, speechBegins: Duration, speechEnds: Duration, says: String? = nil) {
        self.frames = frames
        self.speechBegins = speechBegins
        self.speechEnds = speechEnds
        self.says = says
    }
}

/// What one talker does, and when.
package struct TalkerSettings: Sendable {
    /// Number of the call within its group; decides where in the list of recordings it begins.
    package var index = 0
    package var talks = true
    /// Whether sound comes as events, faster than it is heard.
    package var isWebSocket = false
    /// Length of what is sent at once.
    package var frame = Duration.milliseconds(20)
    package var clips: [ClipShape] = []
    package var think = 1.0...1.0
    package var patience = Duration.seconds(20)
    package var interrupt = 0.0
    package var interruptAfter = Duration.seconds(1)
    /// By name, what each function gives back.
    package var toolOutputs: [String: String] = [:]
    /// The `session.update` with which the session begins; nil sends none.
    package var sessionUpdate: [UInt8]?
    package var seed: UInt64 = 1

    package init() {}

    /// How often a talker would speak if answers took no time: the least it waits between two.
    var leastTurn: Duration {
        let shortest = clips.map { frame * $0.frames }.min() ?? .zero
        return shortest + .seconds(think.lowerBound)
    }
}
