import CNice
import Glibc

/// Which of a loop's media sockets have something to read: one epoll descriptor, asked on the loop's ticks, so that no
/// packet wakes a thread.
///
/// Confined to its loop.
final class SocketPoll {
    /// What a reader did with the datagram at the head of its socket.
    enum Reading {
        case took
        /// It is for the ICE agent, which rests and is to be served.
        case left
        case nothing
    }

    /// What the readers of one round did, one or more of them.
    struct Round: Equatable {
        var took = false
        var left = false
    }

    /// Sockets asked in one round; the others come first in the next.
    private static let maxPerRound = 64

    private let epoll = parley_epoll_create(Int32(parley_EPOLL_CLOEXEC))
    private var readers: [UInt: () -> Reading] = [:]
    private var nextToken: UInt = 1

    init() { precondition(epoll >= 0, "no epoll descriptor for a media loop") }

    deinit { close(epoll) }

    var isEmpty: Bool { readers.isEmpty }

    /// Calls `read` in each round in which `descriptor` can be read. Returns what ends that; nil when the kernel refuses.
    func add(_ descriptor: Int32, _ read: @escaping () -> Reading) -> UInt? {
        let token = nextToken
        var event = parley_epoll_event(events: UInt32(parley_EPOLLIN), token: token)
        guard parley_epoll_ctl(epoll, Int32(parley_EPOLL_CTL_ADD), descriptor, &event) == 0 else { return nil }
        nextToken += 1
        readers[token] = read
        return token
    }

    /// Whether rounds ask `descriptor`; what comes meanwhile waits in the kernel.
    func set(_ token: UInt, _ descriptor: Int32, isAsked: Bool) {
        var event = parley_epoll_event(events: isAsked ? UInt32(parley_EPOLLIN) : 0, token: token)
        parley_epoll_ctl(epoll, Int32(parley_EPOLL_CTL_MOD), descriptor, &event)
    }

    /// `descriptor`: nil when it was closed meanwhile, and may be another's.
    func remove(_ token: UInt, _ descriptor: Int32?) {
        guard readers.removeValue(forKey: token) != nil, let descriptor else { return }
        parley_epoll_ctl(epoll, Int32(parley_EPOLL_CTL_DEL), descriptor, nil)
    }

    /// Lets each reader whose socket has something read once.
    func round() -> Round {
        guard !readers.isEmpty else { return Round() }
        return withUnsafeTemporaryAllocation(of: parley_epoll_event.self, capacity: Self.maxPerRound) { events in
            let count = parley_epoll_wait(epoll, events.baseAddress, Int32(Self.maxPerRound), 0)
            var round = Round()
            for index in 0..<max(0, Int(count)) {
                // One that was served before may have ended this one's call.
                switch readers[events[index].token]?() {
                case .took: round.took = true
                case .left: round.left = true
                case .nothing, nil: break
                }
            }
            return round
        }
    }
}
