/// How long a media loop goes on reading its sockets, and when it looks again between two ticks. Pure.
///
/// A round reads one datagram of each socket. Calls that are well have nothing left after a few; more than that is a flood, whose
/// rest is read when the frames that are due have left, and never past the time of the next ones.
struct SocketLook {
    /// In one look, so that what else the loop has to do is done.
    static let maxRounds = 65
    /// More than so many do not find something for long in a call that is well.
    static let calmRounds = 5
    /// After a look that found more: at 60,000 datagrams a second a socket's usual 208 KiB are full within a tick.
    static let busyWait = Duration.milliseconds(1)

    /// How soon to look again; nil with the next tick.
    private(set) var next: Duration?
    private var rounds = 0
    private var due: ContinuousClock.Instant

    init(due: ContinuousClock.Instant) { self.due = due }

    /// A look begins; frames are due at `due`, which may be now.
    mutating func begin(due: ContinuousClock.Instant) {
        // One that followed at once says little of how much comes.
        next = next == .zero ? Self.busyWait : nil
        self.due = due
        rounds = 0
    }

    /// A round found something: whether another follows. `now` is asked for in a flood only.
    mutating func goesOn(now: () -> ContinuousClock.Instant) -> Bool {
        rounds += 1
        guard rounds >= Self.calmRounds else { return true }
        guard rounds < Self.maxRounds, now() < due else {
            next = .zero
            return false
        }
        next = Self.busyWait
        return true
    }
}
