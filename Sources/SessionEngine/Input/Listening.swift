/// The user's side of a session: what was heard and not committed, whose turn it is, and for how long nobody has spoken.
struct Listening: Sendable {
    var buffer = InputBuffer()
    var turns: TurnTaking
    var early = EarlyRecognition()
    var idle = IdleClock()

    init(turns: TurnTaking) { self.turns = turns }
}
